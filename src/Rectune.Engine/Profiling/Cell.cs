using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Engine.Profiling;

/// <summary>What has been recorded of one configuration at one batch size.</summary>
internal sealed class Cell(LoadedConfiguration loaded, int batch)
{
    private readonly List<double> serviceUs = [];
    private readonly List<double> disturbedUs = [];
    private readonly List<double> prepareUs = [];
    private readonly List<double> embeddingUs = [];
    private readonly List<double> computeUs = [];
    private readonly List<double> copyOutUs = [];
    private double? stealMs;
    private double? runQueueDelayMs;
    private long? switches;
    private long? minorFaults;
    private long? majorFaults;

    public LoadedConfiguration Loaded { get; } = loaded;

    public int Batch { get; } = batch;

    public int Rounds { get; private set; }

    public int Undisturbed => serviceUs.Count;

    /// <summary>Half-width of the 95 % interval of the median over the median; infinite without enough runs.</summary>
    public double MedianRelativeError()
    {
        if (serviceUs.Count < 8)
        {
            return double.PositiveInfinity;
        }

        var sorted = serviceUs.ToArray();
        Array.Sort(sorted);
        var interval = MedianInterval.Of(sorted, 0.95);
        if (interval is null)
        {
            return double.PositiveInfinity;
        }

        var (median, low, high) = interval.Value;
        return Math.Max(high - median, median - low) / median;
    }

    /// <summary>Takes over what one visit recorded on all instances.</summary>
    public void Take(IReadOnlyList<InstanceRecorder> recorders, double? stolenMs)
    {
        Rounds++;
        stealMs = Sum(stealMs, stolenMs);
        foreach (var recorder in recorders)
        {
            for (var i = 0; i < recorder.Count; i++)
            {
                ref readonly var run = ref recorder[i];
                if (run.Disturbed)
                {
                    disturbedUs.Add(run.ServiceUs);
                    continue;
                }

                serviceUs.Add(run.ServiceUs);
                prepareUs.Add(run.PrepareUs);
                embeddingUs.Add(run.EmbeddingUs);
                computeUs.Add(run.ComputeUs);
                copyOutUs.Add(run.CopyOutUs);
            }

            runQueueDelayMs = Sum(runQueueDelayMs, recorder.RunQueueDelayMs);
            switches = Sum(switches, recorder.Counters?.InvoluntarySwitches);
            minorFaults = Sum(minorFaults, recorder.Counters?.MinorFaults);
            majorFaults = Sum(majorFaults, recorder.Counters?.MajorFaults);
        }
    }

    public MeasurementRow ToRow(MeasuredContext context, double yardstickUs, double maxScoreChange, string measuredAt) => new()
    {
        Schema = MeasurementRow.SchemaName,
        Key = new ProfileKey
        {
            Configuration = Loaded.Configuration,
            Batch = Batch,
            Skew = context.Skew,
            ModelSha256 = context.ModelSha256,
            Weights = context.Weights,
            MachineFingerprint = context.MachineFingerprint,
            RuntimeFingerprint = context.RuntimeFingerprint,
        },
        Terms = new ServiceTerms
        {
            PrepareUs = Median(prepareUs),
            ComputeUs = Median(computeUs),
            EmbeddingUs = Median(embeddingUs),
            CopyOutUs = Median(copyOutUs),
        },
        ServiceUs = [.. serviceUs.Select(Rounded)],
        DisturbedUs = [.. disturbedUs.Select(Rounded)],
        Disturbance = new Disturbance
        {
            StealMs = stealMs,
            RunQueueDelayMs = runQueueDelayMs,
            InvoluntarySwitches = switches,
            MinorFaults = minorFaults,
            MajorFaults = majorFaults,
        },
        YardstickUs = Rounded(yardstickUs),
        MedianRelativeError = Math.Round(Math.Min(1, MedianRelativeError()), 5),
        MaxScoreChange = maxScoreChange,
        MeasuredAt = measuredAt,
    };

    private static double Median(List<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return Rounded(Percentiles.Interpolated(sorted, 0.5));
    }

    /// <summary>Nanosecond steps: finer than the clock, short in a file.</summary>
    private static double Rounded(double us) => Math.Round(us, 3);

    private static double? Sum(double? a, double? b) => a is null ? b : a + (b ?? 0);

    private static long? Sum(long? a, long? b) => a is null ? b : a + (b ?? 0);
}
