using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Simulation;
using Rectune.Core.Workloads;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Simulation;

public sealed class QueueSimulatorTests
{
    [Fact]
    public void Run_OneInstance_QueuesInOrder()
    {
        // Service 10 ms. Arrivals at 0, 4, 25 ms: done at 10, 20, 35.
        Assert.Equal([10, 16, 10], Latencies(Settings(1, 1, 1), [0, 4, 25], [1, 1, 1], FormulaServiceTimes.Fixed(10e6)));
    }

    [Fact]
    public void Run_CompletionAndArrivalAtOnce_CompletionIsFirst() =>
        Assert.Equal([10, 10], Latencies(Settings(1, 1, 1) with { QueueLimit = 1 }, [0, 10], [1, 1], FormulaServiceTimes.Fixed(10e6)));

    [Fact]
    public void Run_WaitingQueries_AreBatched()
    {
        // A run takes 1 ms a sample. Four samples run from 0 to 4 ms; of those waiting then, 2 + 3 run together until 9, the last 4 until 13.
        Assert.Equal([4, 8, 7, 10], Latencies(Settings(1, 6, 6), [0, 1, 2, 3], [4, 2, 3, 4], PerSample));
    }

    [Fact]
    public void Run_LargeQuery_IsSplitOverInstancesAndEndsWithItsLastPart()
    {
        // 9 samples in parts of 3: two at once until 3 ms, the third until 6. The next query, 2 samples at 1 ms, takes the other one from 3 to 5.
        Assert.Equal([6, 4], Latencies(Settings(2, 3, 3), [0, 1], [9, 2], PerSample));
    }

    [Fact]
    public void Run_BatchWindow_WaitsForCompany()
    {
        // The window of 5 ms opens at 0: queries of 0 and 2 ms start together at 5 and take 3 ms. Alone at 20, the last waits for nobody until 25.
        Assert.Equal([8, 6, 7], Latencies(Settings(1, 8, 8) with { BatchWindowUs = 5_000 }, [0, 2, 20], [1, 2, 2], PerSample));
    }

    [Fact]
    public void Run_QueueLimitReached_RefusedLatencyIsInfinite() =>
        Assert.Equal(
            [10, 19, double.PositiveInfinity, 19],
            Latencies(Settings(1, 1, 1) with { QueueLimit = 2 }, [0, 1, 2, 11], [1, 1, 1, 1], FormulaServiceTimes.Fixed(10e6)));

    [Fact]
    public void Run_Inflation_LengthensService() =>
        Assert.Equal([20, 39], Latencies(Settings(1, 1, 1), [0, 1], [1, 1], FormulaServiceTimes.Fixed(10e6), inflation: 2));

    [Fact]
    public void Run_OtherRate_StretchesArrivals()
    {
        var simulator = new QueueSimulator(Settings(1, 1, 1), FormulaServiceTimes.Fixed(10e6));
        var latencies = new double[3];

        simulator.Run([0, 4, 25], 2e6, [1, 1, 1], 0, 1, latencies);

        Assert.Equal([10, 12, 10], latencies);
    }

    [Fact]
    public void Run_SeedTwice_IsTheSame()
    {
        var simulator = new QueueSimulator(Settings(2, 64, 128), FormulaServiceTimes.Exponential(1e6));
        var workload = Poisson(2_000, 1, 300);
        double[] first = new double[2_000], second = new double[2_000], other = new double[2_000];

        simulator.Run(workload.Instants, 1e9 / 900, workload.Sizes, 5, 1, first);
        simulator.Run(workload.Instants, 1e9 / 900, workload.Sizes, 6, 1, other);
        simulator.Run(workload.Instants, 1e9 / 900, workload.Sizes, 5, 1, second);

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void Run_Overload_ServesWhatItCanAndRefusesTheRest()
    {
        // Twice the load that one instance bears: half is served, the rest is refused once the queue is full.
        var simulator = new QueueSimulator(Settings(1, 1, 1) with { QueueLimit = 10 }, FormulaServiceTimes.Fixed(1e6));
        var workload = Poisson(20_000, 3);
        var latencies = new double[20_000];

        simulator.Run(workload.Instants, 1e9 / 2_000, workload.Sizes, 0, 1, latencies);

        Assert.InRange(latencies.Count(double.IsPositiveInfinity), 9_600, 10_400);
        Assert.True(latencies.Where(double.IsFinite).Max() <= 10);
        Assert.Equal(1, simulator.BusyInstances, 0.01);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void Run_PoissonArrivalsFixedService_MatchesPollaczekKhinchine(double load)
    {
        // Mean sojourn over service: 1 + load / (2 (1 − load)).
        var means = Sojourns(load, 1, FormulaServiceTimes.Fixed(1e6), latencies => latencies.Average());

        AssertCovers(means, 1 + (load / (2 * (1 - load))));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void Run_PoissonArrivalsExponentialService_MatchesTheExponentialSojourn(double load)
    {
        // Sojourn over mean service is exponential with rate 1 − load.
        var service = FormulaServiceTimes.Exponential(1e6);

        AssertCovers(Sojourns(load, 1, service, latencies => latencies.Average()), 1 / (1 - load));
        AssertCovers(Sojourns(load, 1, service, P99), Math.Log(100) / (1 - load));
    }

    [Theory]
    [InlineData(2, 0.7)]
    [InlineData(4, 0.8)]
    public void Run_SeveralInstances_MatchesErlangC(int instances, double load)
    {
        var service = FormulaServiceTimes.Exponential(1e6);
        var waits = ErlangC(instances, load);

        AssertCovers(Sojourns(load, instances, service, latencies => latencies.Average()), 1 + (waits / (instances * (1 - load))));
        AssertCovers(Sojourns(load, instances, service, P99), SojournP99(instances, load, waits));
    }

    [Fact]
    public void Run_Load_IsTheBusyInstances()
    {
        var simulator = new QueueSimulator(Settings(3, 1, 1), FormulaServiceTimes.Fixed(1e6));
        var workload = Poisson(50_000, 8);

        simulator.Run(workload.Instants, 1e9 / 1_800, workload.Sizes, 0, 1, new double[50_000]);

        Assert.InRange(simulator.BusyInstances, 1.76, 1.84);
    }

    [Fact]
    public void Run_MoreQueries_AllocateNothingMore()
    {
        var simulator = new QueueSimulator(Settings(2, 64, 128) with { BatchWindowUs = 100 }, FormulaServiceTimes.Fixed(1e6));
        var workload = Poisson(20_000, 1, 300);
        var latencies = new double[20_000];

        Assert.Equal(AllocatedBy(2_000), AllocatedBy(20_000));

        long AllocatedBy(int queries) => Allocation.Of(() =>
            simulator.Run(workload.Instants.AsSpan(0, queries), 2e6, workload.Sizes.AsSpan(0, queries), 1, 1, latencies));
    }

    internal static SchedulerSettings Settings(int instances, int split, int batch) => new()
    {
        Policy = "static",
        Instances = instances,
        SplitSamples = split,
        MaxBatch = batch,
        BatchWindowUs = 0,
        QueueLimit = 100_000,
    };

    private static FormulaServiceTimes PerSample { get; } = new((samples, _) => samples * 1e6);

    private static double[] Latencies(SchedulerSettings settings, double[] atMs, int[] sizes, FormulaServiceTimes service, double inflation = 1)
    {
        var latencies = new double[sizes.Length];
        new QueueSimulator(settings, service).Run(atMs, 1e6, sizes, 0, inflation, latencies);
        return latencies;
    }

    private static SimulatedWorkload Poisson(int queries, int replication, int largest = 1) =>
        SimulatedWorkload.Draw(new PoissonArrivals(), new UniformSizes(largest), queries, 2026, replication);

    /// <summary>A statistic of sojourn times in units of the mean service (1 ms), one value per replication.</summary>
    private static double[] Sojourns(double load, int instances, FormulaServiceTimes service, Func<double[], double> statistic)
    {
        const int Queries = 150_000;
        var simulator = new QueueSimulator(Settings(instances, 1, 1), service);
        var latencies = new double[Queries];
        return [.. Enumerable.Range(0, 12).Select(i =>
        {
            var workload = Poisson(Queries, i);
            simulator.Run(workload.Instants, 1e6 / (load * instances), workload.Sizes, workload.Seed, 1, latencies);
            return statistic(latencies[(Queries / 10)..]);
        })];
    }

    private static double P99(double[] latencies)
    {
        Array.Sort(latencies);
        return Percentiles.NearestRank(latencies, 0.99);
    }

    private static void AssertCovers(double[] replications, double expected)
    {
        var interval = StudentT.MeanInterval(replications, 0.99);
        Assert.InRange(expected, interval.Low, interval.High);
        Assert.True(interval.High - interval.Low < 0.15 * expected, "the interval is too wide to say anything");
    }

    /// <summary>Probability of waiting in M/M/c.</summary>
    private static double ErlangC(int c, double load)
    {
        double blocking = 1;
        for (var k = 1; k <= c; k++)
        {
            blocking = c * load * blocking / (k + (c * load * blocking));
        }

        return blocking / (1 - (load * (1 - blocking)));
    }

    /// <summary>
    /// Sojourn of M/M/c with unit service rate: service plus, with probability C, an exponential wait of rate a = c(1 − load), so
    /// P[T > t] = e^−t + C·(e^−at − e^−t)/(1 − a).
    /// </summary>
    private static double SojournP99(int c, double load, double waits)
    {
        var a = c * (1 - load);
        double low = 0, high = 1_000;
        for (var i = 0; i < 100; i++)
        {
            var t = 0.5 * (low + high);
            var tail = Math.Exp(-t) + (waits * (Math.Exp(-a * t) - Math.Exp(-t)) / (1 - a));
            (low, high) = tail > 0.01 ? (t, high) : (low, t);
        }

        return low;
    }
}
