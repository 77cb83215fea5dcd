using Rectune.Core.Domain;
using Rectune.Core.Planning;

namespace Rectune.Tests.Fakes;

/// <summary>Answers with rows computed from a formula; remembers what it was asked for.</summary>
internal sealed class ScriptedMeasurer(PlanRequest request, Func<Configuration, int, double> medianUs) : IPathMeasurer
{
    private const int Runs = 40;

    /// <summary>Configurations measured, in order.</summary>
    public List<Configuration> Asked { get; } = [];

    /// <summary>Measurements made.</summary>
    public int Measurements { get; private set; }

    /// <summary>Largest score change by precision.</summary>
    public Func<TablePrecision, double?> ScoreChange { get; init; } = precision => precision switch
    {
        TablePrecision.Fp32 => 0,
        TablePrecision.Fp16 => 0.0002,
        _ => 0.004,
    };

    /// <summary>Largest score change of anything with centroids.</summary>
    public double? CentroidScoreChange { get; init; }

    /// <summary>Configurations that can be measured; the others fail.</summary>
    public Func<Configuration, bool> Works { get; init; } = _ => true;

    public void Measure(IReadOnlyList<Configuration> configurations, IReadOnlyList<int> batches, double seconds, IMeasurementSink sink, CancellationToken cancellation)
    {
        foreach (var configuration in configurations)
        {
            Asked.Add(configuration);
            if (!Works(configuration))
            {
                sink.Failed(configuration, "out of order");
                continue;
            }

            foreach (var row in Rows(configuration, batches))
            {
                Measurements++;
                sink.Measured(row);
            }
        }
    }

    /// <summary>Rows that answer the request's question.</summary>
    public IEnumerable<MeasurementRow> Rows(Configuration configuration, IReadOnlyList<int> batches) => batches.Select(batch =>
    {
        var median = medianUs(configuration, batch);
        return new MeasurementRow
        {
            Schema = MeasurementRow.SchemaName,
            Key = Planner.Question(request) with { Configuration = configuration, Batch = batch },
            Terms = new ServiceTerms { PrepareUs = 0.1 * median, ComputeUs = 0.8 * median, EmbeddingUs = 0.3 * median, CopyOutUs = 0.1 * median },

            // Up to 3 % about the median, in a fixed but not a sorted order.
            ServiceUs = [.. Enumerable.Range(0, Runs).Select(i => median * (0.97 + (0.06 * (i * 7 % Runs) / (Runs - 1))))],
            DisturbedUs = [],
            Disturbance = new Disturbance(),
            YardstickUs = 100,
            MedianRelativeError = 0.005,
            MaxScoreChange = configuration.Centroids is null ? ScoreChange(configuration.TablePrecision) : CentroidScoreChange,
            MeasuredAt = "2026-01-01T00:00:00Z",
        };
    });
}
