using Rectune.Core.Workloads;
using Xunit;

namespace Rectune.Tests.Workloads;

public sealed class GapVariationTests
{
    [Fact]
    public void Value_HandExample_IsDeviationOverMean()
    {
        // Gaps 1 and 3: mean 2, deviation 1. The gap between two schedules is none.
        var variation = new GapVariation();
        variation.Add([5, 6]);
        Assert.Null(variation.Value);
        variation.Add([100, 103]);
        Assert.Equal(0.5, variation.Value!.Value, 12);
    }

    [Fact]
    public void Value_EvenGaps_IsZero()
    {
        var variation = new GapVariation();
        variation.Add([0, 10, 20, 30]);
        Assert.Equal(0, variation.Value);
    }

    [Fact]
    public void Value_Poisson_IsOne()
    {
        var variation = new GapVariation();
        for (var seed = 0UL; seed < 4; seed++)
        {
            variation.Add(ArrivalSchedule.Create(new PoissonArrivals(), new FixedSizes(1), 20_000, 20_000, seed).InstantsNs);
        }

        // 80,000 exponential gaps: standard error 1 / √80,000 = 0.0035.
        Assert.Equal(1, variation.Value!.Value, 0.02);
    }
}
