using Rectune.Core.CostModels;

namespace Rectune.Core.Search;

/// <summary>The candidates of a search and what has been found of them.</summary>
public sealed class SearchState
{
    private readonly double?[] values;
    private readonly List<MeasuredPoint> measured = [];

    public SearchState(IReadOnlyList<SearchCandidate> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        Candidates = candidates;
        values = new double?[candidates.Count];
    }

    public IReadOnlyList<SearchCandidate> Candidates { get; }

    /// <summary>Everything measured so far.</summary>
    public IReadOnlyList<MeasuredPoint> Measured => measured;

    public IEnumerable<int> Unmeasured => Enumerable.Range(0, values.Length).Where(i => values[i] is null);

    /// <summary>Largest value found; 0 before the first.</summary>
    public double Best => values.Max() ?? 0;

    /// <summary>The value of a candidate; null when it was not measured.</summary>
    public double? ValueOf(int candidate) => values[candidate];

    /// <summary>Keeps what was measured of a candidate, and what it is worth.</summary>
    /// <param name="value">At least 0; more is better.</param>
    public void Learn(int candidate, IEnumerable<MeasuredPoint> points, double value)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        values[candidate] = value;
        measured.AddRange(points);
    }

    /// <summary>The best value found of a candidate that takes no more memory than this one and is of no less quality: what it must beat to be on the frontier.</summary>
    public double ToBeat(SearchCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        var best = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is { } value && Candidates[i].MemoryBytes <= candidate.MemoryBytes && Candidates[i].Quality >= candidate.Quality)
            {
                best = Math.Max(best, value);
            }
        }

        return best;
    }
}
