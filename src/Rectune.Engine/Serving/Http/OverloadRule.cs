namespace Rectune.Engine.Serving.Http;

/// <summary>
/// Says from what was seen lately whether a server is overloaded. What makes it so is far from what ends it, so that the verdict does not flutter. Not safe for concurrent use.
/// </summary>
public sealed class OverloadRule
{
    /// <summary>Share of queries turned away from which on a server is overloaded: ten times what a p99 promise has to spare.</summary>
    public const double BeginsAtShare = 0.10;

    /// <summary>Share at or below which it no longer is.</summary>
    public const double EndsAtShare = 0.02;

    /// <summary>Queue filled to this share: the next burst is refused.</summary>
    public const double BeginsAtFullness = 0.95;

    public const double EndsAtFullness = 0.50;

    /// <summary>With fewer queries a share says nothing: one of two is no overload.</summary>
    public const int FewestQueries = 20;

    public bool IsOverloaded { get; private set; }

    /// <summary>Takes in what was seen; returns whether the verdict changed.</summary>
    /// <param name="owed">Queries of the last seconds that were owed an answer.</param>
    /// <param name="turnedAway">Those of them turned away for what was there before them.</param>
    /// <param name="fullness">Queries inside over the most that may be, 0 to 1.</param>
    public bool Observe(long owed, long turnedAway, double fullness)
    {
        var share = owed == 0 ? 0 : (double)turnedAway / owed;
        var before = IsOverloaded;
        IsOverloaded = before
            ? share > EndsAtShare || fullness > EndsAtFullness
            : (owed >= FewestQueries && share >= BeginsAtShare) || fullness >= BeginsAtFullness;
        return IsOverloaded != before;
    }
}
