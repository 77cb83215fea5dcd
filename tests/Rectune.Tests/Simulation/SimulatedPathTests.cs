using FsCheck;
using FsCheck.Fluent;
using Rectune.Core.Domain;
using Rectune.Core.Simulation;
using Rectune.Core.Workloads;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Simulation;

public sealed class SimulatedPathTests
{
    private const int Queries = 4_000;

    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithReplay(20260303, 1).WithMaxTest(300);

    [Fact]
    public void HighestRate_Threshold_IsBracketedFromBelow() => Prop.ForAll(Gen.Choose(1, 100_000).ToArbitrary(), thousandths =>
    {
        const double ceiling = 5000;
        var threshold = (ceiling / 1024) + (ceiling * 1.2 * thousandths / 100_000);
        var asked = 0;
        var rate = SimulatedPath.HighestRate(qps => ++asked > 0 && qps <= threshold, ceiling);
        var reachable = Math.Min(threshold, ceiling);
        return rate <= reachable && rate >= reachable / 1.0101 && asked < 25;
    }).Check(Seeded);

    [Fact]
    public void HighestRateNear_AnyThresholdAndGuess_IsBracketedFromBelowAndANearGuessAsksLess() => Prop.ForAll(
        Gen.Choose(1, 100_000).ToArbitrary(), Gen.Choose(0, 150_000).ToArbitrary(), (thousandths, guess) =>
        {
            const double ceiling = 5000;
            var threshold = 20 + (ceiling * 1.2 * thousandths / 100_000);
            var asked = 0;
            var rate = SimulatedPath.HighestRateNear(qps => ++asked > 0 && qps <= threshold, ceiling * guess / 100_000, ceiling);
            var reachable = Math.Min(threshold, ceiling);
            var near = Math.Abs((ceiling * guess / 100_000 / threshold) - 1) < 0.05;
            return rate <= reachable && rate >= reachable / 1.0101 && asked < (near ? 8 : 27);
        }).Check(Seeded);

    [Fact]
    public void HighestRate_AnyPredicate_ReturnsARateThatWasSeenToHold() => Prop.ForAll(Gen.Choose(1, 1_000_000).ToArbitrary(), salt =>
    {
        var held = new HashSet<double>();
        var rate = SimulatedPath.HighestRate(
            qps =>
            {
                var holds = (BitConverter.DoubleToInt64Bits(qps) * salt % 7) > 2;
                if (holds)
                {
                    held.Add(qps);
                }

                return holds;
            },
            1000);
        return rate == 0 ? held.Count == 0 : held.Contains(rate);
    }).Check(Seeded);

    [Fact]
    public void HighestRate_NeverHolds_IsZeroAfterOneQuestion()
    {
        var asked = 0;
        Assert.Equal(0, SimulatedPath.HighestRate(_ => ++asked < 0, 100));
        Assert.Equal(1, asked);
    }

    [Theory]
    [InlineData(99)]
    [InlineData(95)]
    [InlineData(50)]
    public void Certifies_AnyRate_NeverWhereItDoesNotHold(double percentile)
    {
        var path = Path(ServiceLaw.Exponential(1e6));
        var sla = new Sla { Percentile = percentile, LimitMs = 8 };
        var buffer = new double[Queries];
        var (held, certified) = (0, 0);
        for (var replication = 0; replication < 5; replication++)
        {
            var workload = Workload(replication);
            for (var qps = 100; qps <= 1000; qps += 50)
            {
                var holds = path.Holds(workload, sla, qps, buffer);
                var certifies = path.Certifies(workload, sla, 0.99, qps, buffer);
                Assert.True(holds || !certifies, $"certified at {qps}");
                held += holds ? 1 : 0;
                certified += certifies ? 1 : 0;
            }
        }

        Assert.InRange(certified, 1, held - 1);
    }

    [Fact]
    public void Holds_ExactlyTheAllowedShareOver_IsTrue()
    {
        // Of every ten runs one is slow: 10 % over the limit, which p90 allows. 0.9 has no exact double, and 1 − 0.9 falls below a tenth.
        var run = 0;
        var law = new ServiceLaw((_, _) => ++run % 10 == 0 ? 5e6 : 1e6);
        Assert.True(Path(law).Holds(Workload(0), new Sla { Percentile = 90, LimitMs = 2 }, 1e-3, new double[Queries]));
        run = 0;
        Assert.False(Path(new ServiceLaw((_, _) => ++run % 9 == 0 ? 5e6 : 1e6)).Holds(Workload(0), new Sla { Percentile = 90, LimitMs = 2 }, 1e-3, new double[Queries]));
    }

    [Fact]
    public void Latencies_StartOfTheReplication_IsLeftOut()
    {
        var latencies = Path(ServiceLaw.Constant(1e6)).Latencies(Workload(0), 1e-3, new double[Queries], out var first);
        Assert.Equal(Queries / 20, first);
        Assert.Equal(Queries - first, latencies.Length);
    }

    [Fact]
    public void Latencies_NoCoreLeftForTheGenerator_ServiceIsStretchedByItsShare()
    {
        // 0.25 ms of processor time a query at 1000 queries/s is a quarter of one core, an eighth of two.
        var law = ServiceLaw.Constant(100_000);
        var buffer = new double[Queries];
        var crowded = new SimulatedPath(Settings, [law], 0.25e-3, machineCores: 2, pathCores: 2).Latencies(Workload(0), 1000, buffer, out _).ToArray();
        var roomy = new SimulatedPath(Settings, [law], 0.25e-3, machineCores: 2, pathCores: 1).Latencies(Workload(0), 1000, buffer, out _).ToArray();
        Assert.Equal(0.1125, crowded.Min(), 9);
        Assert.Equal(0.1, roomy.Min(), 9);
    }

    [Theory]
    [InlineData("diurnal:1.5,24h", 0.5, 0.68)]
    [InlineData("diurnal:1.5,20ms", 0.8, 1.0)]
    [InlineData("bursty:3,0.1,1h", 0.2, 0.34)]
    [InlineData("bursty:3,0.1,2ms", 0.7, 1.0)]
    public void Holds_PeaksThatLastForHours_MustBeHeldForGood(string name, double least, double most)
    {
        // One server of 1 ms holds 1,000 queries/s; a peak of hours holds it to a part of that, one shorter than the limit does not.
        Assert.True(ArrivalCatalog.TryParse(name, out var arrivals, out _));
        var workload = SimulatedWorkload.Draw(arrivals, new FixedSizes(1), 20_000, 99, 0);
        var path = Path(ServiceLaw.Constant(1e6));
        var sla = new Sla { Percentile = 95, LimitMs = 100 };
        Assert.InRange(SimulatedPath.HighestRate(qps => path.Holds(workload, sla, qps, new double[20_000]), 1000) / 1000, least, most);
    }

    [Fact]
    public void Draw_Replications_AreIndependentAndRepeatable()
    {
        Assert.Equal(Workload(1).Instants, Workload(1).Instants);
        Assert.NotEqual(Workload(0).Instants, Workload(1).Instants);
        Assert.NotEqual(Workload(0).Seed, Workload(1).Seed);
        Assert.Equal(Workload(0).Instants.Order(), Workload(0).Instants);

        // One arrival a unit of time: 4000 exponential gaps have a mean within 4 / √4000.
        Assert.InRange(Workload(0).Instants[^1] / Queries, 1 - 0.063, 1 + 0.063);
    }

    private static SchedulerSettings Settings { get; } = new()
    {
        Policy = "static",
        Instances = 1,
        SplitSamples = 1,
        MaxBatch = 1,
        BatchWindowUs = 0,
        QueueLimit = 1024,
    };

    private static SimulatedPath Path(ServiceLaw law) => new(Settings, [law], 0, 2, 1);

    private static SimulatedWorkload Workload(int replication) => SimulatedWorkload.Draw(new PoissonArrivals(), new FixedSizes(1), Queries, 99, replication);
}
