using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Core.Planning;

/// <summary>The parts of one measurement that several processes took, and the measurement that they make.</summary>
internal sealed class LaunchedRows
{
    private const double Confidence = 0.95;

    private readonly SortedDictionary<int, MeasurementRow> parts = [];
    private MeasurementRow? merged;

    public LaunchedRows(MeasurementRow first)
    {
        Session = first.Launch?.Session;
        Expected = first.Launch?.Of ?? 1;
        Add(first);
    }

    /// <summary>Null where one process took all.</summary>
    public string? Session { get; }

    public int Expected { get; }

    /// <summary>Of the part taken last.</summary>
    public string MeasuredAt => parts.Values.Select(row => row.MeasuredAt).Max(StringComparer.Ordinal)!;

    public bool Complete => parts.Count >= Expected;

    public MeasurementRow Merged => merged ??= Merge([.. parts.Values]);

    public bool Has(int launch) => parts.ContainsKey(launch);

    public bool Belongs(MeasurementRow row) => row.Launch is { } launch && launch.Session == Session;

    public void Add(MeasurementRow row)
    {
        parts[row.Launch?.Number ?? 1] = row;
        merged = null;
    }

    /// <summary>All runs of all parts; terms and yardstick as means over the parts; an interval that holds for the next process too.</summary>
    private static MeasurementRow Merge(IReadOnlyList<MeasurementRow> parts)
    {
        var last = parts[^1];
        return parts.Count == 1 ? last with { Launch = null } : last with
        {
            Terms = new ServiceTerms
            {
                PrepareUs = Mean(parts, row => row.Terms.PrepareUs)!.Value,
                CopyInUs = Mean(parts, row => row.Terms.CopyInUs),
                ComputeUs = Mean(parts, row => row.Terms.ComputeUs)!.Value,
                EmbeddingUs = Mean(parts, row => row.Terms.EmbeddingUs),
                CopyOutUs = Mean(parts, row => row.Terms.CopyOutUs)!.Value,
            },
            ServiceUs = [.. parts.SelectMany(row => row.ServiceUs)],
            DisturbedUs = [.. parts.SelectMany(row => row.DisturbedUs)],
            Disturbance = new Disturbance
            {
                StealMs = Sum(parts, row => row.Disturbance.StealMs),
                RunQueueDelayMs = Sum(parts, row => row.Disturbance.RunQueueDelayMs),
                InvoluntarySwitches = (long?)Sum(parts, row => row.Disturbance.InvoluntarySwitches),
                MinorFaults = (long?)Sum(parts, row => row.Disturbance.MinorFaults),
                MajorFaults = (long?)Sum(parts, row => row.Disturbance.MajorFaults),
                SlowedVisits = (long?)Sum(parts, row => row.Disturbance.SlowedVisits),
            },
            YardstickUs = Mean(parts, row => row.YardstickUs)!.Value,
            MedianRelativeError = Math.Round(Math.Min(1, RelativeError(parts)), 5),
            MaxScoreChange = parts.Max(row => row.MaxScoreChange),
            Operators = parts.Select(row => row.Operators).FirstOrDefault(operators => operators is not null),
            Launch = null,
        };
    }

    /// <summary>The wider of what the runs say within the processes and what the medians of the processes say about each other.</summary>
    private static double RelativeError(IReadOnlyList<MeasurementRow> parts)
    {
        var medians = parts.Select(row => row.MedianUs()).ToArray();
        var between = StudentT.MeanInterval(medians, Confidence);
        double[] runs = [.. parts.SelectMany(row => row.ServiceUs).Order()];
        return Math.Max(PercentileInterval.RelativeError(runs, 0.5, Confidence), (between.High - between.Value) / between.Value);
    }

    private static double? Mean(IReadOnlyList<MeasurementRow> parts, Func<MeasurementRow, double?> read) =>
        parts.All(row => read(row) is not null) ? Math.Round(parts.Average(row => read(row)!.Value), 3) : null;

    private static double? Sum(IReadOnlyList<MeasurementRow> parts, Func<MeasurementRow, double?> read) =>
        parts.Any(row => read(row) is not null) ? parts.Sum(row => read(row) ?? 0) : null;
}
