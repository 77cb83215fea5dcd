namespace Rectune.Engine.Sessions;

/// <summary>How often a cache of finished vectors was asked, and had the answer.</summary>
/// <param name="Lookups">Ids looked up.</param>
/// <param name="Hits">Those of them whose vector was there.</param>
public readonly record struct CacheUse(long Lookups, long Hits)
{
    /// <summary>Lookups whose vector had to be decoded.</summary>
    public long Misses => Lookups - Hits;

    /// <summary>Part of the lookups that were answered, 0 to 1; null before the first.</summary>
    public double? HitRate => Lookups == 0 ? null : (double)Hits / Lookups;

    public CacheUse Plus(CacheUse other) => new(Lookups + other.Lookups, Hits + other.Hits);
}
