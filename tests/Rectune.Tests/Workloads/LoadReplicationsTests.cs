using FsCheck;
using FsCheck.Fluent;
using Rectune.Core.Domain;
using Rectune.Core.Workloads;
using Xunit;

namespace Rectune.Tests.Workloads;

public sealed class LoadReplicationsTests
{
    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithReplay(20260304, 1).WithMaxTest(500);

    /// <summary>Rate, budget and limit, each over five orders of magnitude.</summary>
    private static readonly Arbitrary<(double Qps, double BudgetSeconds, double LimitMs)> Loads =
        Gen.Zip(Magnitude(1), Gen.Zip(Magnitude(-1), Magnitude(0))).Select(load => (load.Item1, load.Item2.Item1, load.Item2.Item2)).ToArbitrary();

    [Fact]
    public void Plan_AnyLoad_StaysWithinItsBudget() => Prop.ForAll(Loads, load =>
    {
        var plan = Plan(load);
        return plan.WarmUpSeconds + (plan.Count * plan.SecondsEach) <= load.BudgetSeconds * (1 + 1e-12) && plan.WarmUpSeconds >= 0 && plan.WarmUpSeconds <= 1;
    }).Check(Seeded);

    [Fact]
    public void Plan_AnyLoad_HasSeveralReplicationsMostOfWhichIsJudged() => Prop.ForAll(Loads, load =>
    {
        var plan = Plan(load);
        return plan.Count is >= 3 and <= 20 && plan.SettleSeconds > 0 && plan.SettleSeconds <= 0.15 * plan.SecondsEach;
    }).Check(Seeded);

    [Fact]
    public void Plan_KnownLoad_MatchesHandCalculation()
    {
        // 1 s of warm-up, 19 s in 9 replications of at least 2 s; ten limits are 0.2 s.
        var plan = Plan((1000, 20, 20));
        Assert.Equal((9, 1), (plan.Count, plan.WarmUpSeconds));
        Assert.Equal(19.0 / 9, plan.SecondsEach, 12);
        Assert.Equal(0.2, plan.SettleSeconds, 12);

        Assert.Equal(1000 * (19 - (9 * 0.2)), plan.JudgedQueries(1000), 9);

        // A hundred queries at 20 a second take 5 s: 29 s have room for 5 such.
        Assert.Equal(5, Plan((20, 30, 20)).Count);
    }

    [Theory]
    [InlineData(1000, 30, 20)]
    [InlineData(1000, 12, 12)]
    [InlineData(50, 100, 80)]
    [InlineData(50, 30, 30)]
    public void Seconds_LowRate_IsHeldUntilItHasSentEnough(double qps, double available, double expected) => Assert.Equal(expected, LoadReplications.Seconds(qps, available, new Sla { Percentile = 99, LimitMs = 20 }));

    [Fact]
    public void Plan_NoLoadOrNoTime_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Plan((0, 20, 20)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Plan((100, 0, 20)));
    }

    private static LoadReplications Plan((double Qps, double BudgetSeconds, double LimitMs) load) =>
        LoadReplications.Plan(load.Qps, load.BudgetSeconds, new Sla { Percentile = 99, LimitMs = load.LimitMs });

    private static Gen<double> Magnitude(int lowest) => Gen.Choose(0, 5000).Select(thousandths => Math.Pow(10, lowest + (thousandths / 1000.0)));
}
