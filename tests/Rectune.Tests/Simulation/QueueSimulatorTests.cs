using Rectune.Core.Domain;
using Rectune.Core.Simulation;
using Rectune.Core.Workloads;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Simulation;

public sealed class QueueSimulatorTests
{
    /// <summary>1000 ns a run and 100 ns a sample.</summary>
    private static readonly ServiceLaw Affine = new((samples, _) => 1000 + (100 * samples));

    [Fact]
    public void Run_OneServer_WaitingQueriesAreJoinedInOneRun()
    {
        // 0: alone, 0 → 1400. 1 and 2 wait and run together, 1400 → 3200. 3 finds an idle server, 5000 → 6800.
        var latencies = Latencies(Settings(1, 8, 8), [0, 500, 900, 5000], [4, 3, 5, 8]);
        Assert.Equal([1400, 2700, 2300, 1800], latencies);
    }

    [Fact]
    public void Run_OneServer_JoinsOnlyWhatFits()
    {
        // 1 (3 samples) joins 2 (5) up to 8 samples; 3 (1) would make 9 and runs next: 1400 → 3200 → 4300.
        var latencies = Latencies(Settings(1, 8, 8), [0, 500, 900, 1000], [4, 3, 5, 1]);
        Assert.Equal([1400, 2700, 2300, 3300], latencies);
    }

    [Fact]
    public void Run_TwoServers_EachTakesOneAndTheThirdWaitsForTheFirst()
    {
        // 0: 0 → 1100, 1: 50 → 1250, 2 waits until 1100, → 2300, 3 waits until 1250, → 2550.
        var latencies = Latencies(Settings(2, 8, 8), [0, 50, 60, 1200], [1, 2, 2, 3]);
        Assert.Equal([1100, 1200, 2240, 1350], latencies);
    }

    [Fact]
    public void Run_SplitOnOneServer_IsCompleteWithItsLastPart()
    {
        // 10 samples in three parts, 3 + 3 + 4, one after the other since no two fit 4: 1300 + 1300 + 1400.
        Assert.Equal([4000], Latencies(Settings(1, 4, 4), [0], [10]));
    }

    [Fact]
    public void Run_SplitOnTwoServers_RunsPartsSideBySide()
    {
        // Two parts of 3 at once, 0 → 1300; the last of 4 after them, → 2700.
        Assert.Equal([2700], Latencies(Settings(2, 4, 4), [0], [10]));
    }

    [Fact]
    public void Run_SlowRunsComeTogether_QueuesGrowLongerThoughRunsAreSpreadAlike()
    {
        // Twice as long in a fifth of the runs: 72 % busy on average, and overloaded for as long as a spell of slow ones lasts.
        static double Service(int samples, double u) => u > 0.8 ? 1_000_000 : 500_000;
        var workload = SimulatedWorkload.Draw(new PoissonArrivals(), new FixedSizes(1), 40_000, seed: 3, replication: 0);

        Assert.True(P99(0.8) > 2 * P99(0), $"{P99(0.8)} ms with spells, {P99(0)} ms without");

        double P99(double persistence)
        {
            var latencies = new double[workload.Queries];
            new QueueSimulator(Settings(1, 1, 1, queueLimit: 40_000), new ServiceLaw(Service) { Persistence = persistence }).Run(workload.Instants, 1e9 / 1_200, workload.Sizes, workload.Seed, 1, latencies);
            Array.Sort(latencies);
            return latencies[(int)(0.99 * latencies.Length)];
        }
    }

    [Fact]
    public void Run_RunsAreFasterAlone_OnlyThoseThatFindTheOthersAsleepAre()
    {
        // 0 alone, 0 → 500; 1 beside it, 100 → 1100; 2 beside 1, 600 → 1600; 3 alone, 5000 → 5500.
        Assert.Equal([500, 1000, 1000, 500], Latencies(Settings(2, 8, 8), [0, 100, 600, 5000], [1, 1, 1, 1], law: new ServiceLaw((_, _) => 1000) { AloneFactor = 0.5 }));
    }

    [Fact]
    public void Run_QueueFull_RefusedIsInfiniteAndRoomReturns()
    {
        // Two may be inside: 0 runs until 1100, 1 waits until then, 2 is refused; 3 comes after 0 left.
        var latencies = Latencies(Settings(1, 1, 1, queueLimit: 2), [0, 100, 200, 1500], [1, 1, 1, 1]);
        Assert.Equal([1100, 2100, double.PositiveInfinity, 1800], latencies);
    }

    [Fact]
    public void Run_BatchWindow_WaitsForCompanyUpToItsEnd()
    {
        // 0 and 1 wait for the window of 0, 2000 → 3300. 2 and 3 fill the batch at once: 4100 → 5500.
        var settings = Settings(1, 4, 4) with { BatchWindowUs = 2 };
        Assert.Equal([3300, 2400, 1500, 1400], Latencies(settings, [0, 900, 4000, 4100], [1, 2, 2, 2]));
    }

    [Theory]
    [InlineData(0.0015, 0, 2, true)]
    [InlineData(0.0015, 0, 1, false)]
    [InlineData(0.0015, 2, 1, true)]
    [InlineData(0.0015, 2, 0, false)]
    [InlineData(0.0030, 0, 1, true)]
    public void RunUntil_QueriesOverALimit_GoesOnWhileNoMoreThanAllowed(double limitMs, int firstQuery, int most, bool whole)
    {
        // One server, 1000 ns a run and 100 ns a sample: 1400 ns, 2500 in two runs, 1400, and one that is refused beside it.
        var simulator = new QueueSimulator(Settings(1, 4, 4, queueLimit: 1), Affine);
        var latencies = new double[4];
        Assert.Equal(whole, simulator.RunUntil([0.0, 2000, 5000, 5500], 1, [4, 5, 4, 1], 1, 1, latencies, new OverLimit(limitMs, firstQuery, most)));
        if (whole)
        {
            Assert.Equal([1400, 2500, 1400, double.PositiveInfinity], Array.ConvertAll(latencies, ms => Math.Round(ms * 1e6)));
        }
    }

    [Fact]
    public void Run_InstanceAsleep_BeginsLaterThanOneThatGoesOn()
    {
        // 1000 ns a run; 300 ns more for the first and for the last, which find nothing running: 0 → 1300, then 900 → 2300 at once, 5000 → 6300.
        var latencies = new double[3];
        new QueueSimulator(Settings(1, 1, 1), new ServiceLaw((_, _) => 1000) { IdleStartNs = 300 }).Run([0.0, 900, 5000], 1, [1, 1, 1], 1, 1, latencies);
        Assert.Equal([1300, 1400, 1300], Array.ConvertAll(latencies, ms => Math.Round(ms * 1e6)));
    }

    [Fact]
    public void Run_OtherInstanceAsleep_BeginsLaterWhileTheFirstGoesOn()
    {
        // Two queries at once: the first instance is woken for 0, the second for 100; 200 waits for the first to end and is begun by it at once.
        var latencies = new double[3];
        new QueueSimulator(Settings(2, 1, 1), new ServiceLaw((_, _) => 1000) { IdleStartNs = 300 }).Run([0.0, 100, 200], 1, [1, 1, 1], 1, 1, latencies);
        Assert.Equal([1300, 1300, 2100], Array.ConvertAll(latencies, ms => Math.Round(ms * 1e6)));
    }

    [Fact]
    public void Run_Inflation_StretchesEveryRun() => Assert.Equal([2800, 4400], Latencies(Settings(1, 4, 4), [0, 800], [4, 2], inflation: 2));

    [Fact]
    public void Run_NanosecondsPerUnit_ScalesArrivalsAndNotService()
    {
        // 0 → 1100, then 1 (at 1000 instead of 500) → 2200.
        Assert.Equal([1100, 1200], Latencies(Settings(1, 1, 1), [0, 500], [1, 1], nsPerUnit: 2));
    }

    [Fact]
    public void Run_SameSeed_IsTheSameAndAnotherSeedIsNot()
    {
        var workload = SimulatedWorkload.Draw(new PoissonArrivals(), new LognormalSizes(), 2000, 7, 0);
        var simulator = new QueueSimulator(Settings(2, 64, 128), ServiceLaw.Exponential(1e6));
        var first = Simulate(simulator, workload, 1e6, workload.Seed);
        Assert.Equal(first, Simulate(simulator, workload, 1e6, workload.Seed));
        Assert.Equal(first, Simulate(new QueueSimulator(Settings(2, 64, 128), ServiceLaw.Exponential(1e6)), workload, 1e6, workload.Seed));
        Assert.NotEqual(first, Simulate(simulator, workload, 1e6, workload.Seed + 1));
    }

    [Fact]
    public void Run_TwoRates_DrawTheSameLuckRunByRun()
    {
        var workload = SimulatedWorkload.Draw(new PoissonArrivals(), new FixedSizes(1), 500, 7, 0);
        var luck = new List<double>();
        var simulator = new QueueSimulator(Settings(1, 1, 1), new ServiceLaw((_, u) =>
        {
            luck.Add(u);
            return 1e6;
        }));
        Simulate(simulator, workload, 5e6, workload.Seed);
        var slow = luck.ToArray();
        luck.Clear();
        Simulate(simulator, workload, 1e6, workload.Seed);
        Assert.Equal(500, slow.Length);
        Assert.Equal(slow, luck);
        Assert.InRange(slow.Average(), 0.45, 0.55);
        Assert.Equal(500, slow.Distinct().Count());
    }

    [Fact]
    public void Run_HigherRate_NoQueryIsFaster()
    {
        // Lindley's recursion: with the same service times and closer arrivals every wait is at least as long.
        var workload = SimulatedWorkload.Draw(new PoissonArrivals(), new FixedSizes(1), 5000, 11, 0);
        var simulator = new QueueSimulator(Settings(1, 1, 1), ServiceLaw.Exponential(1e6));
        var slow = Simulate(simulator, workload, 2e6, workload.Seed);
        var fast = Simulate(simulator, workload, 1.25e6, workload.Seed);

        // Arrivals are cut to whole nanoseconds; a busy period adds such cuts up at both rates alike.
        Assert.All(slow.Zip(fast), pair => Assert.True(pair.Second >= pair.First - 3e-6, $"{pair.Second} < {pair.First}"));
        Assert.True(fast.Average() > 1.5 * slow.Average());
    }

    [Fact]
    public void Run_MoreQueries_AllocatesNoMore()
    {
        var workload = SimulatedWorkload.Draw(new PoissonArrivals(), new LognormalSizes(), 40_000, 3, 0);
        var latencies = new double[40_000];
        var simulator = new QueueSimulator(Settings(2, 64, 128), ServiceLaw.Exponential(1e6));
        simulator.Run(workload.Instants, 1e6, workload.Sizes, 1, 1, latencies);
        Assert.Equal(Allocated(100), Allocated(40_000));

        long Allocated(int queries) =>
            Allocation.Of(() => simulator.Run(workload.Instants.AsSpan(0, queries), 1e6, workload.Sizes.AsSpan(0, queries), 1, 1, latencies));
    }

    [Fact]
    public void BusyInstances_KnownTrace_IsBusyTimeOverTheTimeSimulated()
    {
        // Two servers busy for 1100 and 1200 ns in a simulation that ends at 1250.
        var simulator = new QueueSimulator(Settings(2, 8, 8), Affine);
        simulator.Run([0.0, 50], 1, [1, 2], 1, 1, new double[2]);
        Assert.Equal(2300.0 / 1250, simulator.BusyInstances, 12);
    }

    [Fact]
    public void BusyInstances_Overloaded_StaysWithinTheInstances()
    {
        var workload = SimulatedWorkload.Draw(new PoissonArrivals(), new FixedSizes(1), 500, 7, 0);
        var simulator = new QueueSimulator(Settings(2, 1, 1), ServiceLaw.Constant(1e6));
        Simulate(simulator, workload, 1e5, workload.Seed);
        Assert.InRange(simulator.BusyInstances, 1.98, 2);
    }

    [Fact]
    public void BusyInstances_NothingArrives_IsZero()
    {
        var simulator = new QueueSimulator(Settings(2, 1, 1), Affine);
        simulator.Run([], 1, [], 1, 1, []);
        Assert.Equal(0, simulator.BusyInstances);
    }

    private static double[] Latencies(SchedulerSettings settings, double[] instants, int[] sizes, double inflation = 1, double nsPerUnit = 1, ServiceLaw? law = null)
    {
        var latencies = new double[sizes.Length];
        new QueueSimulator(settings, law ?? Affine).Run(instants, nsPerUnit, sizes, 1, inflation, latencies);
        return Array.ConvertAll(latencies, ms => Math.Round(ms * 1e6));
    }

    private static double[] Simulate(QueueSimulator simulator, SimulatedWorkload workload, double nsPerQuery, ulong seed)
    {
        var latencies = new double[workload.Queries];
        simulator.Run(workload.Instants, nsPerQuery, workload.Sizes, seed, 1, latencies);
        return latencies;
    }

    private static SchedulerSettings Settings(int instances, int split, int maxBatch, int queueLimit = 1000) => new()
    {
        Policy = "static",
        Instances = instances,
        SplitSamples = split,
        MaxBatch = maxBatch,
        BatchWindowUs = 0,
        QueueLimit = queueLimit,
    };
}
