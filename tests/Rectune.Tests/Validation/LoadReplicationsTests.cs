using FsCheck;
using FsCheck.Fluent;
using Rectune.Core.Domain;
using Rectune.Engine.Validation;
using Xunit;

// Not Rectune.Tests.Validation, which would hide the record of that name from every test.
namespace Rectune.Tests.LiveValidation;

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
        // 1 s of warm-up, 19 s in 9 replications of at least 2 s; ten limits are 0.2 s, fifty queries 0.05 s.
        var plan = Plan((1000, 20, 20));
        Assert.Equal((9, 1), (plan.Count, plan.WarmUpSeconds));
        Assert.Equal(19.0 / 9, plan.SecondsEach, 12);
        Assert.Equal(0.2, plan.SettleSeconds, 12);

        // Fifty queries at 500 a second outlast ten limits of 1 ms.
        Assert.Equal(0.1, Plan((500, 20, 1)).SettleSeconds, 12);
    }

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
