using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Scheduling;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Scheduling;

public sealed class ServiceDriftTests
{
    private const double Low = 0.8;
    private const double High = 1.25;
    private const long RunNs = 100_000_000;
    private const double PlannedNs = 1e6;

    private readonly ServiceDrift drift = new(Low, High);
    private long nowNs = 5;

    [Fact]
    public void Ran_ThreeWindowsOutside_IsADriftSinceTheFirst()
    {
        Windows(1, 1.0);
        Windows(2, 1.3);
        Settle();
        Assert.Equal(DriftState.AsPlanned, drift.At(nowNs).State);

        Windows(1, 1.3);

        var seen = drift.At(nowNs);
        Assert.Equal(DriftState.Slower, seen.State);
        Assert.Equal(1.3, seen.Ratio!.Value, 0.035);
        Assert.Equal((Low, High), (seen.Low, seen.High));
        Assert.InRange(seen.ForS, 30, 32);
    }

    [Fact]
    public void Ran_OutsideWithInterruptions_IsNone()
    {
        for (var i = 0; i < 20; i++)
        {
            Windows(2, 1.6);
            Windows(1, 1.1);
        }

        Assert.Equal(DriftState.AsPlanned, drift.At(nowNs).State);
    }

    [Fact]
    public void Ran_OutsideFromTheStart_IsUnjudgedUntilThreeWindows()
    {
        Windows(2, 0.5);
        Settle();
        Assert.Equal(DriftState.Unjudged, drift.At(nowNs).State);
        Windows(2, 0.5);
        Assert.Equal(DriftState.Faster, drift.At(nowNs).State);
    }

    [Fact]
    public void Ran_ComesBackByLessThanHalf_StaysADrift()
    {
        Windows(4, 1.5);

        // The root of 1.25 is 1.118.
        Windows(10, 1.2);
        Assert.Equal(DriftState.Slower, drift.At(nowNs).State);
        Windows(2, 1.05);
        Windows(1, 1.2);
        Windows(2, 1.05);
        Assert.Equal(DriftState.Slower, drift.At(nowNs).State);

        Windows(2, 1.05);
        Assert.Equal(DriftState.AsPlanned, drift.At(nowNs).State);
    }

    [Fact]
    public void Ran_TurnsRound_GoesStraightToTheOtherState()
    {
        Windows(4, 2);
        Windows(4, 0.5);
        Assert.Equal(DriftState.Faster, drift.At(nowNs).State);
    }

    [Fact]
    public void Ran_WithinWhatIsExplained_IsARatioOfOne()
    {
        // Anything from one to three milliseconds is explained.
        for (var i = 0; i < 1_000; i++)
        {
            drift.Ran(nowNs += RunNs, 2_000_000 + (i % 2 * 900_000), 1e6, 3e6);
        }

        Assert.Equal(1, drift.At(nowNs).Ratio);
        for (var i = 0; i < 1_000; i++)
        {
            drift.Ran(nowNs += RunNs, 6_000_000, 1e6, 3e6);
        }

        Assert.Equal(2, drift.At(nowNs).Ratio!.Value, 0.05);
        Assert.Equal(DriftState.Slower, drift.At(nowNs).State);
    }

    [Fact]
    public void Ran_FewRuns_AreNoWindow()
    {
        for (var i = 0; i < ServiceDrift.FewestRuns; i++)
        {
            drift.Ran(nowNs += 60_000_000_000, 5_000_000, PlannedNs, PlannedNs);
        }

        Assert.Null(drift.At(nowNs).Ratio);
        drift.Ran(nowNs += 1, 5_000_000, PlannedNs, PlannedNs);
        Assert.Equal(5, drift.At(nowNs).Ratio!.Value, 0.13);
    }

    [Fact]
    public void Ran_Ratio_IsTheMedianOfTheWindow()
    {
        var random = new SplitMix64(3);
        List<double> window = [];
        for (var round = 0; round < 50; round++)
        {
            for (var i = 0; i < 100 + round; i++)
            {
                window.Add(Math.Exp(0.8 * random.NextNormal()));
                drift.Ran(nowNs += 1_000_000, (long)(window[^1] * PlannedNs), PlannedNs, PlannedNs);
            }

            // The run that closes a window is the first of the next one.
            drift.Ran(nowNs += 10_000_000_000, (long)PlannedNs, PlannedNs, PlannedNs);
            var median = Percentiles.Interpolated([.. window.Order()], 0.5);
            Assert.Equal(median, drift.At(nowNs).Ratio!.Value, 0.05 * median);
            window = [1];
        }
    }

    [Fact]
    public void Ran_SteadyState_AllocatesNothing()
    {
        Windows(5, 1.5);
        Assert.Equal(0, Allocation.Of(() => Windows(2, 1.5)));
    }

    /// <summary>Ten seconds of runs each.</summary>
    private void Windows(int count, double ratio)
    {
        for (var i = 0; i < count * 100; i++)
        {
            drift.Ran(nowNs += RunNs, (long)(ratio * PlannedNs), PlannedNs, PlannedNs);
        }
    }

    /// <summary>A window is closed by the first run after it.</summary>
    private void Settle() => drift.Ran(nowNs += RunNs, (long)PlannedNs, PlannedNs, PlannedNs);
}
