using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Engine.Profiling;

/// <summary>What has been recorded of one configuration at one batch size.</summary>
internal sealed class Cell(LoadedConfiguration loaded, int batch)
{
    /// <summary>A neighbour may be there in most visits: what threads wait for a core without one shows in the quarter of the visits that waited least.</summary>
    private const int LowQuarter = 4;

    /// <summary>Waits of so many times the usual, and <see cref="WaitShare"/> of the visit more, others caused.</summary>
    private const double UsualWaits = 2;

    private const double WaitShare = 0.02;

    private readonly List<Visit> visits = [];
    private double mostWaited = double.PositiveInfinity;
    private double? stealMs;
    private double? runQueueDelayMs;
    private long? switches;
    private long? minorFaults;
    private long? majorFaults;

    public LoadedConfiguration Loaded { get; } = loaded;

    public int Batch { get; } = batch;

    public int Rounds { get; private set; }

    public int Undisturbed => UndisturbedRuns().Count();

    /// <summary>All runs, disturbed ones included.</summary>
    public int Runs => visits.Sum(visit => visit.Runs.Length);

    /// <summary>Half-width of the 95 % interval of a percentile over it; 1 without enough undisturbed runs.</summary>
    public double RelativeError(double percentile)
    {
        double[] sorted = [.. UndisturbedRuns().Select(run => run.ServiceUs).Order()];
        return PercentileInterval.RelativeError(sorted, percentile, 0.95);
    }

    /// <summary>Takes over what one visit recorded on all instances.</summary>
    /// <param name="slowed">The machine was slower then than at other times: all runs of the visit count as disturbed.</param>
    public void Take(IReadOnlyList<InstanceRecorder> recorders, double? stolenMs, bool slowed)
    {
        Rounds++;
        stealMs = Sum(stealMs, stolenMs);
        var runs = new List<RunRecord>();
        var waited = 0.0;
        foreach (var recorder in recorders)
        {
            for (var i = 0; i < recorder.Count; i++)
            {
                runs.Add(recorder[i]);
            }

            waited = Math.Max(waited, 1e3 * (recorder.RunQueueDelayMs ?? 0) / Math.Max(1, recorder.LengthUs));
            runQueueDelayMs = Sum(runQueueDelayMs, recorder.RunQueueDelayMs);
            switches = Sum(switches, recorder.Counters?.InvoluntarySwitches);
            minorFaults = Sum(minorFaults, recorder.Counters?.MinorFaults);
            majorFaults = Sum(majorFaults, recorder.Counters?.MajorFaults);
        }

        visits.Add(new Visit([.. runs], slowed, waited));
        var usual = visits.Select(visit => visit.Waited).Order().ElementAt(visits.Count / LowQuarter);
        mostWaited = (UsualWaits * usual) + WaitShare;
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
        ServiceUs = [.. UndisturbedRuns().Select(run => Rounded(run.ServiceUs))],
        DisturbedUs = [.. visits.SelectMany(visit => visit.Runs.Where(run => run.Disturbed || IsSlowed(visit))).Select(run => Rounded(run.ServiceUs))],
        Disturbance = new Disturbance
        {
            StealMs = stealMs,
            RunQueueDelayMs = runQueueDelayMs,
            InvoluntarySwitches = switches,
            MinorFaults = minorFaults,
            MajorFaults = majorFaults,
            SlowedVisits = visits.Count(IsSlowed),
        },
        YardstickUs = Rounded(yardstickUs),
        MedianRelativeError = Math.Round(RelativeError(0.5), 5),
        MaxScoreChange = maxScoreChange,
        Operators = operators,
        Launch = context.Launch,
        MeasuredAt = measuredAt,
    };

    /// <summary>Over the undisturbed runs; where every run was disturbed, over those: a slow truth is better than none.</summary>
    private double Median(Func<RunRecord, double> term)
    {
        var undisturbed = UndisturbedRuns().ToArray();
        double[] sorted = [.. (undisturbed.Length > 0 ? undisturbed : visits.SelectMany(visit => visit.Runs)).Select(term).Order()];
        return Rounded(Percentiles.Interpolated(sorted, 0.5));
    }

    /// <summary>Four digits: far finer than two runs differ by, short in a file.</summary>
    private static double Rounded(double us) => SignificantDigits.Round(us, 4);

    private IEnumerable<RunRecord> UndisturbedRuns() => visits.Where(visit => !IsSlowed(visit)).SelectMany(visit => visit.Runs.Where(run => !run.Disturbed));

    private bool IsSlowed(Visit visit) => visit.Slowed || visit.Waited > mostWaited;

    private static double? Sum(double? a, double? b) => a is null ? b : a + (b ?? 0);

    private static long? Sum(long? a, long? b) => a is null ? b : a + (b ?? 0);

    /// <param name="Runs">Of all instances.</param>
    /// <param name="Slowed">The yardstick said so.</param>
    /// <param name="Waited">Time that threads waited for a core over the visit's length, of the instance that waited longest.</param>
    private readonly record struct Visit(RunRecord[] Runs, bool Slowed, double Waited);
}
