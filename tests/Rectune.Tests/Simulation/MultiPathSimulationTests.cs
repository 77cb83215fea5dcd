using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Scheduling;
using Rectune.Core.Simulation;
using Rectune.Core.Workloads;
using Rectune.Tests.Fakes;
using Rectune.Tests.Scheduling;
using Xunit;

namespace Rectune.Tests.Simulation;

/// <summary>Strategies side by side under the same arrivals, sizes and luck.</summary>
public sealed class MultiPathSimulationTests
{
    private const int Queries = 20_000;
    private const double LimitMs = 20;
    private const double FastQuality = 0.78;
    private const double GoodQuality = 0.80;
    private const double Floor = (FastQuality + GoodQuality) / 2;

    /// <summary>Heavy-tailed sizes; 100 us and 5 us a sample, or five times that.</summary>
    private static readonly SimulatedWorkload Load = SimulatedWorkload.Draw(new PoissonArrivals(), new DeepRecSysProductionSizes(), Queries, seed: 7, replication: 0);

    /// <summary>Samples a second that both instances of the fast path serve.</summary>
    private static readonly double CapacityQps = 2 * 256 / (100 + (256 * 5.0)) * 1e6 / new DeepRecSysProductionSizes().MeanSamples;

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.7)]
    [InlineData(0.9)]
    [InlineData(1.2)]
    public void MultiPath_AnyLoad_ServesNoFewerCorrectPredictionsThanAnyStaticPath(double share)
    {
        var best = Math.Max(Correct(share, [0], SchedulingPolicies.Static).PerQuery, Correct(share, [1], SchedulingPolicies.Static).PerQuery);
        var multi = Correct(share, [0, 1], SchedulingPolicies.MultiPath);
        Assert.True(multi.PerQuery >= 0.998 * best, $"{multi.PerQuery:F4} on many paths, {best:F4} on the best of them alone");
    }

    [Fact]
    public void MultiPath_MoreLoad_GivesQualityUpForTime()
    {
        double[] qualities = [.. new[] { 0.05, 0.1, 0.2, 0.4, 0.7, 1 }.Select(share => Correct(share, [0, 1], SchedulingPolicies.MultiPath).Quality)];
        Assert.True(qualities.Zip(qualities.Skip(1)).All(pair => pair.First > pair.Second), string.Join(' ', qualities));
        Assert.InRange(qualities[0], GoodQuality - 0.003, GoodQuality);
        Assert.InRange(qualities[^1], FastQuality, FastQuality + 0.001);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Floor)]
    public void MultiPath_ThreefoldOverload_ServesAsMuchAsAtItsPeak(double? floor)
    {
        var peak = new[] { 0.3, 0.4, 0.5, 0.7, 0.9, 1.1 }.Max(share => share * Correct(share, [0, 1], SchedulingPolicies.MultiPath, floor).InTime);
        Assert.True(3 * Correct(3, [0, 1], SchedulingPolicies.MultiPath, floor).InTime >= 0.9 * peak);
    }

    [Theory]
    [InlineData(SchedulingPolicies.Static)]
    [InlineData(SchedulingPolicies.Fastest)]
    [InlineData(SchedulingPolicies.MultiPath)]
    public void Overload_RunsMayBeLargerThanTheLimitAllows_ServesAsMuchAsAtItsPeak(string policy)
    {
        // A run of 1024 samples takes 5 of the 20 ms: joined with whatever waits, accepted queries would come too late by their company.
        int[] paths = policy == SchedulingPolicies.Static ? [0] : [0, 1];
        var peak = new[] { 0.5, 0.7, 0.8, 0.9, 1, 1.1 }.Max(share => share * Correct(share, paths, policy, maxBatch: 1024).PerQuery);
        foreach (var share in new[] { 1.5, 3, 6 })
        {
            var overload = share * Correct(share, paths, policy, maxBatch: 1024).PerQuery;
            Assert.True(overload >= 0.95 * peak, $"{overload / peak:P0} of the peak at {share}");
        }
    }

    [Fact]
    public void MultiPath_FloorOfQuality_ServesMoreThanTheBestPathAlone()
    {
        // Halfway between the two: of the paths alone, only the good one meets it.
        var (multi, alone) = (0.0, 0.0);
        foreach (var share in new[] { 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1 })
        {
            var mixed = Correct(share, [0, 1], SchedulingPolicies.MultiPath, Floor);
            Assert.True(mixed.Quality >= Floor - 1e-9, $"{mixed.Quality} at {share}");
            multi = Math.Max(multi, share * mixed.PerQuery);
            alone = Math.Max(alone, share * Correct(share, [1], SchedulingPolicies.Static).PerQuery);
        }

        Assert.True(multi >= 1.5 * alone, $"{multi / alone:F2} times");
    }

    [Fact]
    public void Run_ManyPaths_AllocatesNothingPerQuery()
    {
        var settings = Settings([0, 1], SchedulingPolicies.MultiPath, null);
        var simulator = new QueueSimulator(settings, Service(0), Service(1));
        var (latencies, quality) = (new double[Queries], new double[Queries]);
        Run(Queries);
        Assert.Equal(Least(Queries / 10), Least(Queries));

        // The runtime allocates a little of its own now and then, when it compiles what has become hot.
        long Least(int queries) => Enumerable.Range(0, 3).Min(_ => Allocation.Of(() => Run(queries)));

        void Run(int queries) => simulator.Run(Load.Instants.AsSpan(0, queries), 1e9 / (0.7 * CapacityQps), Load.Sizes.AsSpan(0, queries), 1, 1, latencies, quality);
    }

    /// <summary>Samples in time × quality a query, the share of queries in time, and the mean quality of the samples that were answered.</summary>
    private static (double PerQuery, double InTime, double Quality) Correct(double share, int[] paths, string policy, double? floor = null, int maxBatch = 256)
    {
        var simulator = new QueueSimulator(Settings(paths, policy, floor, maxBatch), [.. paths.Select(path => Service(path, maxBatch))]);
        var (latencies, quality) = (new double[Queries], new double[Queries]);
        simulator.Run(Load.Instants, 1e9 / (share * CapacityQps), Load.Sizes, 1, 1, latencies, quality);
        var (correct, inTime, answered, weighted) = (0.0, 0, 0.0, 0.0);
        for (var i = 0; i < Queries; i++)
        {
            if (latencies[i] <= LimitMs)
            {
                inTime++;
                correct += Load.Sizes[i] * quality[i];
            }

            if (double.IsFinite(latencies[i]))
            {
                answered += Load.Sizes[i];
                weighted += Load.Sizes[i] * quality[i];
            }
        }

        return (correct / Queries, (double)inTime / Queries, weighted / answered);
    }

    private static SchedulerSettings Settings(int[] paths, string policy, double? floor, int maxBatch = 256) => SchedulerTests.Settings(2, 256, maxBatch, limit: 1024) with
    {
        Policy = policy,
        LimitUs = (int)(LimitMs * 1e3),
        SlackShare = 0.5,
        HysteresisShare = 0.1,
        QualityMin = floor,
        Paths = [.. paths.Select(path => MultiPathTests.Path($"path-{path}", "cpu", path == 0 ? FastQuality : GoodQuality, 1.1 * Times(path) * 100, 1.1 * Times(path) * 5, instances: 2) with { MaxBatch = maxBatch, TypicalShare = 0.9 })],
    };

    private static double Times(int path) => path == 0 ? 1 : 5;

    private static ServiceTimeModel Service(int path, int maxBatch = 256)
    {
        var terms = new ServiceTerms { PrepareUs = 1, ComputeUs = 1, CopyOutUs = 1 };
        return new ServiceTimeModel(
            new ServiceCurve
            {
                Points = [.. new[] { 1, 256 }.Select(batch => new ServicePoint { Batch = batch, MedianUs = Times(path) * (100 + (5.0 * batch)), P99Us = Times(path) * 1.1 * (100 + (5.0 * batch)), Terms = terms })],
                Residuals = [.. Enumerable.Range(0, MachineSpread.ResidualQuantiles).Select(i => 0.95 + (0.1 * i / (MachineSpread.ResidualQuantiles - 1)))],
                Source = Provenance.Assumed,
            },
            maxBatch);
    }
}
