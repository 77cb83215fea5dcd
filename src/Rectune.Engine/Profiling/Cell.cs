using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Engine.Profiling;

/// <summary>What has been recorded of one configuration at one batch size.</summary>
internal sealed class Cell(LoadedConfiguration loaded, int batch)
{
    private readonly List<RunRecord> undisturbed = [];
    private readonly List<RunRecord> disturbed = [];
    private double? stealMs;
    private double? runQueueDelayMs;
    private long? switches;
    private long? minorFaults;
    private long? majorFaults;
    private long slowedVisits;

    public LoadedConfiguration Loaded { get; } = loaded;

    public int Batch { get; } = batch;

    public int Rounds { get; private set; }

    public int Undisturbed => undisturbed.Count;

    /// <summary>All runs, disturbed ones included.</summary>
    public int Runs => undisturbed.Count + disturbed.Count;

    /// <summary>Half-width of the 95 % interval of the median over the median; infinite without enough runs.</summary>
    public double MedianRelativeError()
    {
        double[] sorted = [.. undisturbed.Select(run => run.ServiceUs).Order()];
        if (sorted.Length == 0)
        {
            return double.PositiveInfinity;
        }

        var interval = MedianInterval.Of(sorted, 0.95);
        if (interval is null)
        {
            return double.PositiveInfinity;
        }

        var (median, low, high) = interval.Value;
        return Math.Max(high - median, median - low) / median;
    }

    /// <summary>Takes over what one visit recorded on all instances.</summary>
    /// <param name="slowed">The machine was slower then than at other times: all runs of the visit count as disturbed.</param>
    public void Take(IReadOnlyList<InstanceRecorder> recorders, double? stolenMs, bool slowed)
    {
        Rounds++;
        slowedVisits += slowed ? 1 : 0;
        stealMs = Sum(stealMs, stolenMs);
        foreach (var recorder in recorders)
        {
            for (var i = 0; i < recorder.Count; i++)
            {
                (slowed || recorder[i].Disturbed ? disturbed : undisturbed).Add(recorder[i]);
            }

            runQueueDelayMs = Sum(runQueueDelayMs, recorder.RunQueueDelayMs);
            switches = Sum(switches, recorder.Counters?.InvoluntarySwitches);
            minorFaults = Sum(minorFaults, recorder.Counters?.MinorFaults);
            majorFaults = Sum(majorFaults, recorder.Counters?.MajorFaults);
        }
    }

    public MeasurementRow ToRow(MeasuredContext context, double yardstickUs, double? maxScoreChange, IReadOnlyList<OperatorTime>? operators, string measuredAt) => new()
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
            PrepareUs = Median(run => run.PrepareUs),
            ComputeUs = Median(run => run.ComputeUs),
            EmbeddingUs = Median(run => run.EmbeddingUs),
            CopyOutUs = Median(run => run.CopyOutUs),
        },
        ServiceUs = [.. undisturbed.Select(run => Rounded(run.ServiceUs))],
        DisturbedUs = [.. disturbed.Select(run => Rounded(run.ServiceUs))],
        Disturbance = new Disturbance
        {
            StealMs = stealMs,
            RunQueueDelayMs = runQueueDelayMs,
            InvoluntarySwitches = switches,
            MinorFaults = minorFaults,
            MajorFaults = majorFaults,
            SlowedVisits = slowedVisits,
        },
        YardstickUs = Rounded(yardstickUs),
        MedianRelativeError = Math.Round(Math.Min(1, MedianRelativeError()), 5),
        MaxScoreChange = maxScoreChange,
        Operators = operators,
        Launch = context.Launch,
        MeasuredAt = measuredAt,
    };

    /// <summary>Over the undisturbed runs; where every run was disturbed, over those: a slow truth is better than none.</summary>
    private double Median(Func<RunRecord, double> term)
    {
        double[] sorted = [.. (undisturbed.Count > 0 ? undisturbed : disturbed).Select(term).Order()];
        return Rounded(Percentiles.Interpolated(sorted, 0.5));
    }

    /// <summary>Nanosecond steps: finer than the clock, short in a file.</summary>
    private static double Rounded(double us) => Math.Round(us, 3);

    private static double? Sum(double? a, double? b) => a is null ? b : a + (b ?? 0);

    private static long? Sum(long? a, long? b) => a is null ? b : a + (b ?? 0);
}
