namespace Rectune.Core.Workloads;

/// <summary>One table's part in a cache that several share.</summary>
/// <param name="Law">How often its ids are used.</param>
/// <param name="Lookups">Of a sample.</param>
/// <param name="EntryBytes">Memory that caching one of its ids takes.</param>
public sealed record CacheDemand(IRankLaw Law, double Lookups, long EntryBytes)
{
    /// <summary>Lookups of a sample that caching one more id answers for each byte it takes.</summary>
    public double Density(long rank) => Lookups * Law.Share(rank) / EntryBytes;

    /// <summary>Ids that are worth at least so much.</summary>
    public long RanksWith(double density) => Lookups > 0 ? Law.RanksWith(density * EntryBytes / Lookups) : 0;
}
