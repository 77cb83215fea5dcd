using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Simulation;
using Rectune.Core.Workloads;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Simulation;

public sealed class SimulatedCapacityTests
{
    private static readonly Sla P99In20Ms = new() { Percentile = 99, LimitMs = 20 };

    [Fact]
    public void HighestRate_Threshold_IsFoundFromBelow()
    {
        var found = SimulatedPath.HighestRate(qps => qps <= 123, 10_000);

        Assert.InRange(found, 123 / 1.01, 123);
    }

    [Fact]
    public void HighestRate_NothingHolds_IsZero() => Assert.Equal(0, SimulatedPath.HighestRate(_ => false, 1_000));

    [Fact]
    public void Holds_ExponentialServer_HasTheKnownKnee()
    {
        // p99 of M/M/1 is ln 100 / (μ − λ): 20 ms at μ = 1000/s leaves λ = 1000 − 230.3.
        var path = Path(ServiceLaw.Exponential(1e6));
        var buffer = new double[100_000];

        var knees = Enumerable.Range(0, 10)
            .Select(r => Workload(100_000, r))
            .Select(workload => SimulatedPath.HighestRate(qps => path.Holds(workload, P99In20Ms, qps, buffer), 1_050))
            .ToArray();

        var interval = StudentT.MeanInterval(knees, 0.99);
        Assert.InRange(1_000 - (Math.Log(100) / 0.020), interval.Low, interval.High * 1.01);
    }

    [Fact]
    public void Certifies_RatesFound_AreBelowTheKneeAndPassAgainOnOtherArrivals()
    {
        var path = Path(ServiceLaw.Exponential(1e6));
        var buffer = new double[20_000];
        const int sets = 8;
        var promises = Enumerable.Range(0, sets * 5)
            .Select(r => Workload(20_000, r))
            .Select(workload => SimulatedPath.HighestRate(qps => path.Certifies(workload, P99In20Ms, 0.99, qps, buffer), 1_050))
            .Chunk(5)
            .ToArray();
        Assert.InRange(promises.Max(set => set.Max()), 200, 1_000 - (Math.Log(100) / 0.020));

        var others = Enumerable.Range(100, 20).Select(r => Workload(20_000, r)).ToArray();
        var passed = promises.Average(set => others.Count(workload => path.Certifies(workload, P99In20Ms, 0.99, set.Min(), buffer)) / (double)others.Length);

        // A further run lies above the least of five with probability U ~ Beta(5, 1): 5/6 on average with a spread of 0.14 a set; 0.63 is four spreads of the mean below.
        Assert.InRange(passed, 0.63, 1);
    }

    [Fact]
    public void Holds_LimitBelowServiceTime_IsFalseAtAnyRate()
    {
        var path = Path(ServiceLaw.Constant(30e6));

        Assert.Equal(0, SimulatedPath.HighestRate(qps => path.Holds(Workload(1_000, 1), P99In20Ms, qps, new double[1_000]), 100));
    }

    private static SchedulerSettings OneAtATime { get; } = new()
    {
        Policy = "static",
        Instances = 1,
        SplitSamples = 1,
        MaxBatch = 1,
        BatchWindowUs = 0,
        QueueLimit = 100_000,
    };

    private static SimulatedPath Path(ServiceLaw service) => new(OneAtATime, [service], 0, 2, 1);

    private static SimulatedWorkload Workload(int queries, int replication) =>
        SimulatedWorkload.Draw(new PoissonArrivals(), new UniformSizes(1), queries, 7, replication);
}
