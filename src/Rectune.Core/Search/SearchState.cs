using Rectune.Core.CostModels;

namespace Rectune.Core.Search;

/// <summary>The candidates of a search and what has been found of them.</summary>
public sealed class SearchState
{
    private readonly MeasuredPoint?[][] measured;
    private readonly double?[] values;

    public SearchState(IReadOnlyList<SearchCandidate> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        Candidates = candidates;
        measured = [.. candidates.Select(candidate => new MeasuredPoint?[candidate.Points.Count])];
        values = new double?[candidates.Count];
    }

    public IReadOnlyList<SearchCandidate> Candidates { get; }

    /// <summary>Everything measured so far.</summary>
    public IReadOnlyList<MeasuredPoint> Measured => [.. measured.SelectMany(points => points).OfType<MeasuredPoint>()];

    /// <summary>Candidates whose value is not known yet.</summary>
    public IEnumerable<int> Open => Enumerable.Range(0, values.Length).Where(i => values[i] is null);

    /// <summary>Largest value found; 0 before the first.</summary>
    public double Best => values.Max() ?? 0;

    /// <summary>The value of a candidate; null while it is open.</summary>
    public double? ValueOf(int candidate) => values[candidate];

    /// <summary><c>[points]</c>: what was measured of a candidate; null where nothing was.</summary>
    public IReadOnlyList<MeasuredPoint?> Of(int candidate) => measured[candidate];

    /// <summary>Whether anything was measured of a candidate.</summary>
    public bool IsStarted(int candidate) => measured[candidate].Any(point => point is not null);

    /// <summary>Points of a candidate that were not measured, ascending.</summary>
    public IReadOnlyList<int> Missing(int candidate) => [.. Enumerable.Range(0, measured[candidate].Length).Where(point => measured[candidate][point] is null)];

    /// <summary>Keeps a measurement.</summary>
    /// <param name="point">Its number among the candidate's points.</param>
    public void Learn(int candidate, int point, MeasuredPoint found)
    {
        ArgumentNullException.ThrowIfNull(found);
        measured[candidate][point] = found;
    }

    /// <summary>Settles what a candidate is worth: all of it was measured, or it cannot run.</summary>
    /// <param name="value">At least 0; more is better.</param>
    public void Conclude(int candidate, double value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        values[candidate] = value;
    }

    /// <summary>
    /// The best of some values at each amount of memory from <paramref name="fromBytes"/> up to the largest candidate's: steps that never fall, each with the share of that largest
    /// amount over which it holds.
    /// </summary>
    /// <param name="known"><c>[candidates]</c>: null for those that do not count.</param>
    public IReadOnlyList<(double Value, double Share)> Steps(long fromBytes, IReadOnlyList<double?> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        double most = Math.Max(1, Candidates.Max(candidate => candidate.MemoryBytes));
        var best = 0.0;
        var at = fromBytes;
        List<(double, double)> steps = [];
        foreach (var i in Enumerable.Range(0, known.Count).Where(i => known[i] > 0).OrderBy(i => Candidates[i].MemoryBytes))
        {
            if (Candidates[i].MemoryBytes > at && known[i] > best)
            {
                steps.Add((best, (Candidates[i].MemoryBytes - at) / most));
                at = Candidates[i].MemoryBytes;
            }

            best = Math.Max(best, known[i]!.Value);
        }

        steps.Add((best, (most - at) / most));
        return steps;
    }
}
