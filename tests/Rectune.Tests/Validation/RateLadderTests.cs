using FsCheck;
using FsCheck.Fluent;
using Rectune.Engine.Validation;
using Xunit;

namespace Rectune.Tests.LiveValidation;

public sealed class RateLadderTests
{
    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithReplay(20261102, 1).WithMaxTest(500);

    /// <summary>Knees and first rates from 1 to a million.</summary>
    private static readonly Arbitrary<(double Knee, double First)> Searches = Gen.Zip(Magnitude(), Magnitude()).ToArbitrary();

    [Fact]
    public void Tell_AnyKnee_IsBracketedWithinTheTolerance() => Prop.ForAll(Searches, search =>
    {
        var ladder = new RateLadder(search.First);
        var tried = new HashSet<double>();
        while (ladder.Next is { } qps)
        {
            if (!tried.Add(qps) || tried.Count > 40)
            {
                return false;
            }

            ladder.Tell(qps <= search.Knee ? RungOutcome.Held : RungOutcome.NotHeld, generatorLimited: false);
        }

        return ladder.HeldQps is { } held && held <= search.Knee
            && (ladder.NotHeldQps is { } over ? over > search.Knee && over <= held * (1 + RateLadder.Tolerance) : held == RateLadder.HighestQps);
    }).Check(Seeded);

    /// <summary>Too little evidence below a rate, and just below the knee: the search goes up from the one and stops below the other.</summary>
    [Fact]
    public void Tell_UndecidedBelowAndAtTheKnee_FindsTheHighestRateHeld() => Prop.ForAll(Searches, search =>
    {
        var knee = 1000 + search.Knee;
        var ladder = new RateLadder(Math.Min(search.First, knee));
        while (ladder.Next is { } qps)
        {
            ladder.Tell(qps < 150 || (qps > 0.8 * knee && qps <= knee) ? RungOutcome.Undecided : qps <= knee ? RungOutcome.Held : RungOutcome.NotHeld, generatorLimited: false);
        }

        return ladder.HeldQps is { } held && held <= 0.8 * knee && (ladder.NotHeldQps is { } over ? over > 0.8 * knee && over <= held * (1 + RateLadder.Tolerance) : knee >= RateLadder.HighestQps);
    }).Check(Seeded);

    [Fact]
    public void Tell_NeverCertified_StillFindsWhereTheShareIsCrossed()
    {
        var ladder = new RateLadder(200);
        while (ladder.Next is { } qps)
        {
            ladder.Tell(qps <= 1000 ? RungOutcome.Undecided : RungOutcome.NotHeld, generatorLimited: false);
        }

        Assert.Null(ladder.HeldQps);
        Assert.InRange(ladder.BeyondQps!.Value, 1000, 1050);
    }

    /// <summary>Whatever noise says, the answer is a rate that was held and the bound one that was not.</summary>
    [Fact]
    public void Tell_AnyVerdicts_AnswersWithWhatWasSeen() => Prop.ForAll(Gen.Choose(1, 1_000_000).ToArbitrary(), salt =>
    {
        var ladder = new RateLadder(200);
        var seen = new Dictionary<double, RungOutcome>();
        while (ladder.Next is { } qps)
        {
            seen.Add(qps, (RungOutcome)(Math.Abs(BitConverter.DoubleToInt64Bits(qps) * salt) % 7 % 3));
            ladder.Tell(seen[qps], generatorLimited: false);
        }

        return (ladder.HeldQps is { } held ? seen[held] == RungOutcome.Held : !seen.ContainsValue(RungOutcome.Held))
            && (ladder.NotHeldQps is not { } over || seen[over] != RungOutcome.Held) && (ladder.BeyondQps is not { } beyond || seen[beyond] == RungOutcome.NotHeld) && seen.Count < 60;
    }).Check(Seeded);

    [Fact]
    public void Tell_KneeAt1000_TriesTheseRates()
    {
        // Doubled to 1600, then the geometric means of what is held and what is not.
        var ladder = new RateLadder(200);
        var tried = new List<double>();
        while (ladder.Next is { } qps)
        {
            tried.Add(qps);
            ladder.Tell(qps <= 1000 ? RungOutcome.Held : RungOutcome.NotHeld, generatorLimited: qps > 1100);
        }

        Assert.Equal([200, 400, 800, 1600, 1131, 951.2, 1037], tried[..7]);
        Assert.Equal(tried.Where(qps => qps <= 1000).Max(), ladder.HeldQps);
        Assert.False(ladder.GeneratorLimited);
    }

    [Fact]
    public void Tell_NothingHeld_EndsAtTheLowestRate()
    {
        var ladder = new RateLadder(200);
        while (ladder.Next is not null)
        {
            ladder.Tell(RungOutcome.NotHeld, generatorLimited: true);
        }

        Assert.Null(ladder.HeldQps);
        Assert.Equal(RateLadder.LowestQps, ladder.NotHeldQps);
        Assert.True(ladder.GeneratorLimited);
        Assert.Throws<InvalidOperationException>(() => ladder.Tell(RungOutcome.Held, generatorLimited: false));
    }

    private static Gen<double> Magnitude() => Gen.Choose(0, 6000).Select(thousandths => Math.Pow(10, thousandths / 1000.0));
}
