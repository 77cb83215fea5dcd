using System.Diagnostics;
using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Scheduling;

namespace Rectune.Benchmarks.Scheduling;

/// <summary>What the scheduler's decisions take where eight paths are chosen among and a thousand queries wait: taking a query in, starting a run, ending it.</summary>
internal static class DecisionTime
{
    private const int Waiting = 1000;
    private const int Paths = 8;
    private const int Samples = 100;

    public static int Run(Options options)
    {
        var decisions = options.Whole("--decisions", 200_000);
        var report = new Report(options, "Time of the scheduler's decisions");
        report.Text.Append(CultureInfo.InvariantCulture, $"- {Paths} paths of one device with two instances, {Waiting} queries waiting, {decisions} decisions of each kind, by the clock before and after each; reading the clock twice is in it\n\n");
        report.Text.Append("| decision | median | p99 | bytes a decision |\n|---|---|---|---|\n");
        var loop = new Loop(decisions);

        // Once for the compiler.
        loop.Play();
        var before = GC.GetAllocatedBytesForCurrentThread();
        loop.Play();
        var bytes = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / decisions;
        Add("reading the clock twice", loop.Clock);
        Add("taking a query in", loop.Offer);
        Add("starting a run: path, batch, instance", loop.Start);
        Add("ending a run", loop.Finish);
        report.Write("decisions.md");
        return 0;

        void Add(string name, double[] ns)
        {
            double[] sorted = [.. ns.Order()];
            report.Text.Append(CultureInfo.InvariantCulture, $"| {name} | {Percentiles.NearestRank(sorted, 0.5):F0} ns | {Percentiles.NearestRank(sorted, 0.99):F0} ns | {bytes:F0} |\n");
        }
    }

    private sealed class Loop(int decisions)
    {
        private readonly int[] ended = new int[1024];
        private readonly Run run = new(1024);
        private long now;

        public double[] Clock { get; } = new double[decisions];

        public double[] Offer { get; } = new double[decisions];

        public double[] Start { get; } = new double[decisions];

        public double[] Finish { get; } = new double[decisions];

        private Scheduler Scheduler { get; } = new(Settings());

        /// <summary>Queries are as patient as the line is long, so that it stays that long.</summary>
        public void Play()
        {
            while (Scheduler.WaitingQueries < Waiting)
            {
                Scheduler.Offer(now, Samples, now + 10_000_000_000);
            }

            for (var i = 0; i < Clock.Length; i++)
            {
                var t0 = Stopwatch.GetTimestamp();
                var t1 = Stopwatch.GetTimestamp();
                var started = Scheduler.TryStart(now, run);
                var t2 = Stopwatch.GetTimestamp();
                now += run.PlannedNs;
                var t3 = Stopwatch.GetTimestamp();
                Scheduler.Finish(now, run, ended);
                var t4 = Stopwatch.GetTimestamp();
                var parts = run.Parts;
                var t5 = Stopwatch.GetTimestamp();
                Scheduler.Offer(now, Samples, now + 10_000_000_000);
                var t6 = Stopwatch.GetTimestamp();
                for (var more = 1; more < parts; more++)
                {
                    Scheduler.Offer(now, Samples, now + 10_000_000_000);
                }

                if (!started || Scheduler.WaitingQueries != Waiting)
                {
                    throw new InvalidOperationException($"{Scheduler.WaitingQueries} queries wait, expected {Waiting}");
                }

                (Clock[i], Start[i], Finish[i], Offer[i]) = (Ns(t0, t1), Ns(t1, t2), Ns(t3, t4), Ns(t5, t6));
            }
        }

        private static double Ns(long from, long to) => (to - from) * 1e9 / Stopwatch.Frequency;
    }

    private static SchedulerSettings Settings() => new()
    {
        Policy = SchedulingPolicies.MultiPath,
        Instances = 2,
        SplitSamples = 128,
        MaxBatch = 512,
        BatchWindowUs = 0,
        QueueLimit = 1024,
        LimitUs = 20_000,
        SlackShare = 0.5,
        HysteresisShare = 0.1,
        QualityMin = 0.79,
        Paths = [.. Enumerable.Range(0, Paths).Select(i => new ScheduledPath
        {
            Id = $"path-{i}",
            Device = "cpu",
            Instances = 2,
            MaxBatch = 512,
            Quality = 0.78 + (0.005 * i),
            Planned = [new PlannedTime { Batch = 1, Us = 50 * (i + 1) }, new PlannedTime { Batch = 512, Us = 2_500 * (i + 1) }],
            TypicalShare = 0.9,
        })],
    };
}
