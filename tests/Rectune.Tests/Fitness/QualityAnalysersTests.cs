using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Fitness;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Fitness;

public sealed class QualityAnalysersTests
{
    [Fact]
    public void Look_QuietMachine_FindsNothing()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            Assert.Empty(Kinds(Row(Noisy(seed, 300, _ => 100))));
        }
    }

    /// <summary>Shapes with one mode: uniform, exponential beyond a floor, and one with a heavy tail.</summary>
    [Fact]
    public void Look_OneModeOfAnyShape_IsNotTakenForTwo()
    {
        for (ulong seed = 0; seed < 100; seed++)
        {
            var random = new SplitMix64(seed);
            double[] uniform = [.. Enumerable.Range(0, 300).Select(_ => 100 + (60 * random.NextDouble()))];
            double[] exponential = [.. Enumerable.Range(0, 300).Select(_ => 100 + (40 * random.NextExponential()))];
            double[] heavy = [.. Enumerable.Range(0, 300).Select(_ => 100 / Math.Sqrt(1 - random.NextDouble()))];
            Assert.All(new[] { uniform, exponential, heavy }, us => Assert.DoesNotContain("multimodal", Kinds(Row(us))));
        }
    }

    [Fact]
    public void Look_TwoGroupsOfRuns_IsMultimodal()
    {
        var mixed = Row(Noisy(3, 300, i => i % 3 == 0 ? 140 : 100));
        Assert.Contains("multimodal", Kinds(mixed));
        Assert.Contains("around 102 us and 141 us", QualityAnalysers.Look([mixed], [mixed]).First(warning => warning.Kind == "multimodal").What, StringComparison.Ordinal);
        Assert.DoesNotContain("multimodal", Kinds(Row(Noisy(3, 300, i => i % 20 == 0 ? 140 : 100))));
        Assert.DoesNotContain("multimodal", Kinds(Row(Noisy(3, 300, i => i % 3 == 0 ? 105 : 100))));
    }

    [Fact]
    public void Look_SlowerAndSlower_IsDrift()
    {
        Assert.Contains("drift", Kinds(Row(Noisy(4, 300, i => 100 + (i / 10.0)))));
        Assert.DoesNotContain("drift", Kinds(Row(Noisy(4, 300, i => 100 + (i / 60.0)))));
    }

    [Fact]
    public void Look_ProcessesThatDiffer_AreNoDrift()
    {
        var (first, second) = (Row(Noisy(4, 100, _ => 100)), Row(Noisy(5, 100, _ => 130)));
        var whole = Row([.. first.ServiceUs, .. second.ServiceUs]);
        Assert.DoesNotContain("drift", QualityAnalysers.Look([whole], [first, second]).Select(warning => warning.Kind));
    }

    [Fact]
    public void Look_RunsOfAMicrosecond_AreTooShort() => Assert.Equal(["too-short"], Kinds(Row(Noisy(5, 300, _ => 1))));

    [Fact]
    public void Look_UnknownMedian_IsAWideInterval() => Assert.Equal(["wide-interval"], Kinds(Row(Noisy(6, 300, _ => 100)) with { MedianRelativeError = 0.2 }));

    [Fact]
    public void Look_MoreDisturbedThanNot_IsSaidAndAllDisturbedToo()
    {
        var row = Row(Noisy(7, 100, _ => 100)) with { DisturbedUs = [.. Noisy(8, 101, _ => 300)] };
        Assert.Equal(["disturbed"], Kinds(row));
        Assert.Equal(["disturbed"], Kinds(row with { ServiceUs = [] }));
    }

    [Fact]
    public void Look_Machine_SaysWhatIsWrongAndNothingOfWhatIsUnknown()
    {
        Assert.Empty(FitnessChecks.Look(new FitnessFacts()));
        Assert.Empty(FitnessChecks.Look(new FitnessFacts { Governors = ["performance"], OtherLoadShare = 0.01, StealShare = 0, TailRatio = 1.1, SwapBytes = 0, ThrottleCount = 0 }));
        var bad = new FitnessFacts { Governors = ["powersave"], OtherLoadShare = 0.4, StealShare = 0.1, TailRatio = 3, SwapBytes = 1 << 20, ThrottleCount = 2 };
        Assert.Equal(["governor", "other-load", "steal", "noise", "swap", "throttling"], FitnessChecks.Look(bad).Select(warning => warning.Kind));
        Assert.All(FitnessChecks.Look(bad), warning => Assert.NotEmpty(warning.Advice));
    }

    private static string[] Kinds(MeasurementRow row) => [.. QualityAnalysers.Look([row], [row]).Select(warning => warning.Kind)];

    private static MeasurementRow Row(IReadOnlyList<double> us) => SampleRecords.Row() with { ServiceUs = us, DisturbedUs = [], MedianRelativeError = 0.01 };

    /// <summary>Times around a centre with a spread of 2 % and an exponential tail.</summary>
    private static double[] Noisy(ulong seed, int count, Func<int, double> centre)
    {
        var random = new SplitMix64(seed);
        return [.. Enumerable.Range(0, count).Select(i => centre(i) * (1 + (0.02 * random.NextExponential())))];
    }
}
