using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Core.CostModels;

/// <summary>Makes a service curve of measurements.</summary>
/// <remarks>
/// Medians compare batches and configurations with each other and must not depend on who was measured in a noisy minute: each is what a run of its batch takes that nobody disturbs
/// (<see cref="MeasurementRow.QuietUs"/>), times how far runs usually lie above that.
/// </remarks>
public static class ServiceCurveFit
{
    /// <param name="rows">Measurements of one configuration under one skew, on one machine; rows of equal batch are pooled.</param>
    /// <param name="machine">Learned from these and others; of these alone when null.</param>
    /// <exception cref="ArgumentException">No usable row, or rows that do not belong together.</exception>
    public static ServiceCurve From(IReadOnlyList<MeasurementRow> rows, MachineSpread? machine = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
        {
            throw new ArgumentException("no measurements", nameof(rows));
        }

        var first = Identity(rows[0].Key);
        if (rows.FirstOrDefault(row => Identity(row.Key) != first) is { } stranger)
        {
            throw new ArgumentException($"measurements of {Identity(stranger.Key)} among those of {first}", nameof(rows));
        }

        var spread = (machine ?? new MachineSpread(rows)).Of(rows[0].Key.Configuration);
        return new ServiceCurve
        {
            Points = [.. BatchRuns.Of(rows).Select(batch => Point(batch, Rounded(batch.QuietUs * spread.MedianOverQuiet)))],
            Residuals = spread.Residuals,
            Stalls = spread.Stalls,
            Persistence = spread.Persistence is { } persistence ? new Estimate { Value = persistence, Source = Provenance.Measured } : null,
            Source = Provenance.Measured,
        };
    }

    private static string Identity(ProfileKey key) =>
        $"{key.Configuration.Id()} skew {key.Skew} model {key.ModelSha256} weights {key.Weights} "
        + $"machine {key.MachineFingerprint} runtime {key.RuntimeFingerprint}";

    private static ServicePoint Point(BatchRuns batch, double medianUs) => new()
    {
        Batch = batch.Batch,
        MedianUs = medianUs,
        P99Us = Rounded(Percentiles.NearestRank([.. batch.All], 0.99)),
        Terms = Terms(batch.Rows),
    };

    /// <summary>Mean of the rows' terms, each row weighing as many runs as it has.</summary>
    private static ServiceTerms Terms(IReadOnlyList<MeasurementRow> rows)
    {
        double Runs(MeasurementRow row) => Math.Max(1, row.ServiceUs.Count);
        var total = rows.Sum(Runs);
        double Mean(Func<ServiceTerms, double> term) => rows.Sum(row => term(row.Terms) * Runs(row)) / total;
        double? MeanOrNull(Func<ServiceTerms, double?> term) =>
            rows.All(row => term(row.Terms) is not null) ? Mean(terms => term(terms)!.Value) : null;
        return new ServiceTerms
        {
            PrepareUs = Mean(terms => terms.PrepareUs),
            CopyInUs = MeanOrNull(terms => terms.CopyInUs),
            ComputeUs = Mean(terms => terms.ComputeUs),
            EmbeddingUs = MeanOrNull(terms => terms.EmbeddingUs),
            CopyOutUs = Mean(terms => terms.CopyOutUs),
        };
    }

    /// <summary>To the nanosecond: more digits say nothing and make files hard to read.</summary>
    private static double Rounded(double us) => Math.Round(us, 3);
}
