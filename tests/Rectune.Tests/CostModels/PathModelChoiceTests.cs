using Rectune.Core.CostModels;
using Rectune.Core.Numerics;
using Xunit;

namespace Rectune.Tests.CostModels;

public sealed class PathModelChoiceTests
{
    [Fact]
    public void Of_KnobsThatNoTermExplains_ChoosesTheProcessAndReportsBoth()
    {
        var choice = PathModelChoice.Of(Points(effect: 0.4, noise: 0.01));
        Assert.Equal("roofline × process", choice.Family);
        Assert.Equal(["roofline", "roofline × process"], choice.HeldOut.Select(error => error.Family));
        Assert.InRange(choice.HeldOut[1].MedianError, 0, 0.7 * choice.HeldOut[0].MedianError);
        Assert.All(choice.HeldOut, error => Assert.InRange(error.P95Error, error.MedianError, 10));
        Assert.InRange(choice.HeldOut[1].Covered, 0.7, 1);
    }

    [Fact]
    public void Of_TermsThatExplainEverything_FindsTheirFactors()
    {
        var choice = PathModelChoice.Of(Points(effect: 0, noise: 0));
        Assert.Equal(1.5, choice.Factors[1], 1e-3);
        Assert.All(choice.HeldOut, error => Assert.InRange(error.MedianError, 0, 1e-3));
    }

    [Fact]
    public void Of_TooFewToHoldAnyOut_PredictsWithoutErrors()
    {
        var choice = PathModelChoice.Of(Points(effect: 0.2, noise: 0.01)[..2]);
        Assert.Empty(choice.HeldOut);
        Assert.True(choice.Model.Predict(Points(0.2, 0.01)[5].Point, 0.9).Value > 0);
    }

    private static MeasuredPoint[] Points(double effect, double noise)
    {
        var random = new SplitMix64(9);
        string[] levels = ["a", "b", "c", "d", "e"];
        var left = levels.ToDictionary(level => level, _ => effect * random.NextNormal());
        var right = levels.ToDictionary(level => level, _ => effect * random.NextNormal());
        return
        [
            .. from l in levels
               from r in levels
               from batch in new[] { 1, 30, 900 }
               let point = new PathPoint([1, batch], [l, r], batch)
               select new MeasuredPoint(point, (20 + (1.5 * batch)) * Math.Exp(left[l] + right[r] + (noise * random.NextNormal())), 0.04),
        ];
    }
}
