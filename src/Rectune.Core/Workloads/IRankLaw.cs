namespace Rectune.Core.Workloads;

/// <summary>How often ids are used by their popularity: ranks from 1, the most popular, on, with shares that never rise. Immutable.</summary>
public interface IRankLaw
{
    /// <summary>Ids that are used at all.</summary>
    long Ranks { get; }

    /// <summary>Part of all uses that go to one rank, 0 to 1.</summary>
    double Share(long rank);

    /// <summary>Part of all uses that go to the first <paramref name="count"/> ranks together, 0 to 1.</summary>
    double ShareOfFirst(long count);

    /// <summary>Number of ranks with at least <paramref name="share"/> of the uses each.</summary>
    long RanksWith(double share);
}
