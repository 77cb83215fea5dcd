using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Scheduling;
using Rectune.Core.Simulation;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Scheduling;

/// <summary>Drift told from runs whose luck comes in spells, as the planner assumes it of a machine.</summary>
public sealed class ServiceDriftSimulationTests
{
    private const double PlannedUs = 1_000;
    private const int Batch = 16;
    private const long GapNs = 20_000_000;

    [Theory]
    [InlineData(0.05, 0.0)]
    [InlineData(0.15, 0.7)]
    [InlineData(0.3, 0.7)]
    [InlineData(0.5, 0.9)]
    public void Ran_StationaryRunsInSpells_AreAFalseAlarmInFewerThanOneWindowInAHundred(double spread, double persistence)
    {
        var wrong = 0;
        for (var stream = 0; stream < 20; stream++)
        {
            // Fifty windows each, a thousand in all.
            wrong += Judged(spread, persistence, (ulong)stream, seconds: 500, factor: _ => 1).Count(drift => drift.State is DriftState.Slower or DriftState.Faster);
        }

        Assert.InRange(wrong, 0, 10);
    }

    [Theory]
    [InlineData(0.05, 0.0)]
    [InlineData(0.15, 0.7)]
    [InlineData(0.2, 0.7)]
    public void Ran_AllRunsHalfAsLongAgain_AreADriftWithinSevenWindows(double spread, double persistence)
    {
        // The one that the change falls into, and three in a row even where luck spoils one of those between.
        for (var stream = 0; stream < 50; stream++)
        {
            var drifts = Judged(spread, persistence, (ulong)stream, seconds: 105 + 70 + 2, factor: second => second < 105 ? 1 : 1.5);
            Assert.Equal(DriftState.AsPlanned, drifts[100 / 10].State);
            Assert.Equal(DriftState.Slower, drifts[^1].State);
            Assert.Equal(1.5, drifts[^1].Ratio!.Value, 0.5);
        }
    }

    [Fact]
    public void Ran_NeighbourStallsForASecondInTen_IsNone()
    {
        for (var stream = 0; stream < 20; stream++)
        {
            var drifts = Judged(0.15, 0.7, (ulong)stream, seconds: 300, factor: second => second % 10 < 1 ? 20 : 1);
            Assert.All(drifts.Skip(1), drift => Assert.Equal(DriftState.AsPlanned, drift.State));
        }
    }

    [Fact]
    public void Explained_CurveWithLiveFactors_IsTheRangeByHand()
    {
        // Half of the runs take 0.8 and half 1.2 of the median; planned is the largest, so that runs take 1/1.2 of it on average.
        var curve = Curves.Through([(1, 100), (16, 200)], 0.8, 1, 1.2) with { LiveFactor = Known(0.75) };
        var path = Path(instances: 3, (1, 120), (16, 240));
        var expected = ServiceExpectation.Of(path with { TypicalShare = 1 / 1.2 }, curve);

        Assert.Equal(16, expected.MaxBatch);
        Assert.Equal((75e3, 100e3), Rounded(expected.Explained(1, beside: 0)));
        Assert.Equal((87.5e3, 100e3), Rounded(expected.Explained(1, beside: 1)));
        Assert.Equal((200e3, 200e3), Rounded(expected.Explained(16, beside: 2)));
        Assert.Equal(1, expected.Low * expected.High, 1e-12);
        Assert.True(expected.High > 1 / 0.9);
    }

    [Fact]
    public void Explained_LiveLoadWasSlower_HoldsForAllRuns()
    {
        var curve = Curves.Through([(1, 100)], 1, 1) with { LiveFactor = Known(1.4) };
        var expected = ServiceExpectation.Of(Path(instances: 2, (16, 100)), curve);

        Assert.Equal((140e3, 140e3), Rounded(expected.Explained(16, beside: 1)));
        Assert.Equal((70e3, 140e3), Rounded(expected.Explained(16, beside: 0)));
    }

    [Fact]
    public void Explained_OneInstance_HasNoCompanyToMiss()
    {
        var curve = Curves.Through([(1, 100)], 1, 1);
        Assert.Equal((100e3, 100e3), Rounded(ServiceExpectation.Of(Path(instances: 1, (16, 100)), curve).Explained(16, 0)));
        Assert.Equal((60e3, 60e3), Rounded(ServiceExpectation.Of(Path(instances: 1, (16, 100)), curve with { LiveFactor = Known(0.6) }).Explained(16, 0)));
    }

    [Theory]
    [InlineData(0.0, 400e3)]
    [InlineData(0.25, 250e3)]
    [InlineData(0.5, 100e3)]
    [InlineData(1.0, 100e3)]
    public void Explained_InstanceThatIsMostlyIdle_MayBeCold(double busyShare, double mostNs)
    {
        var expected = ServiceExpectation.Of(Path(instances: 1, (16, 100)), Curves.Through([(1, 100)], 1, 1));
        Assert.Equal((100e3, mostNs), Rounded(expected.Explained(16, 0, busyShare)));
    }

    [Fact]
    public void Of_NothingKnownOfTheSpread_TakesTheUsualInterval()
    {
        var expected = ServiceExpectation.Of(Path(instances: 1, (16, 100)), service: null);
        Assert.InRange(expected.High, 1.3, 1.4);
        Assert.Equal((100e3, 100e3), Rounded(expected.Explained(16, 0)));
    }

    /// <summary>What is said once in ten seconds, of runs of a log-normal spread that begin at a steady pace.</summary>
    private static List<PathDrift> Judged(double spread, double persistence, ulong seed, int seconds, Func<double, double> factor)
    {
        double[] residuals = [.. Enumerable.Range(0, 101).Select(i => Math.Exp(spread * NormalScores.Of(Math.Clamp(i / 100.0, 0.005, 0.995))))];
        var curve = Curves.Through([(Batch, PlannedUs)], residuals) with { Persistence = Known(persistence) };
        var expected = ServiceExpectation.Of(Path(instances: 1, (Batch, PlannedUs)) with { TypicalShare = Math.Min(1, residuals.Average() / residuals[95]), Planned = [new PlannedTime { Batch = Batch, Us = PlannedUs * residuals[95] }] }, curve);
        var drift = new ServiceDrift(expected.Low, expected.High);
        var (leastNs, mostNs) = expected.Explained(Batch, 0);
        var spells = new Spells();
        var own = SplitMix64.For(seed, 77);
        spells.Begin(seed);
        var said = new List<PathDrift>();
        for (long nowNs = 0; nowNs < seconds * 1_000_000_000L; nowNs += GapNs)
        {
            var luck = spells.Luck(nowNs, own.NextDouble(), persistence);
            var took = PlannedUs * 1e3 * Percentiles.Interpolated(residuals, luck) * factor(nowNs / 1e9);
            drift.Ran(nowNs, (long)took, leastNs, mostNs);
            if (nowNs % 10_000_000_000 == 0)
            {
                said.Add(drift.At(nowNs));
            }
        }

        said.Add(drift.At(seconds * 1_000_000_000L));
        return said;
    }

    private static ScheduledPath Path(int instances, params IEnumerable<(int Batch, double Us)> planned) => new()
    {
        Id = "p",
        Device = "cpu",
        Instances = instances,
        MaxBatch = Batch,
        Quality = 1,
        Planned = [.. planned.Select(time => new PlannedTime { Batch = time.Batch, Us = time.Us })],
        TypicalShare = 1,
    };

    private static Estimate Known(double value) => new() { Value = value, Source = Provenance.Interpolated };

    private static (double Least, double Most) Rounded((double Least, double Most) range) => (Math.Round(range.Least, 6), Math.Round(range.Most, 6));
}
