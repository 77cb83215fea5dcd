using FsCheck;
using FsCheck.Fluent;
using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.CostModels;

public sealed class ServiceTimeModelTests
{
    private const int MaxBatch = 600;

    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithReplay(20260301, 1).WithMaxTest(300);

    /// <summary>Gaps between batches and arbitrary medians, falling ones included: noise makes them fall.</summary>
    private static readonly Arbitrary<(int Gap, int MedianUs)[]> Steps =
        Gen.Zip(Gen.Choose(1, 60), Gen.Choose(1, 5000)).Select(pair => (pair.Item1, pair.Item2)).NonEmptyListOf().Select(list => list.Take(8).ToArray()).ToArbitrary();

    [Fact]
    public void MedianUs_RisingPoints_IsExactAtEach() => Prop.ForAll(Steps, steps =>
    {
        var points = Points(steps, rising: true);
        var model = Model(points);
        return points.All(p => model.MedianUs(p.Batch, out var source) == p.MedianUs && source == Provenance.Measured);
    }).Check(Seeded);

    [Fact]
    public void MedianUs_BetweenPoints_StaysWithinTheirRange() => Prop.ForAll(Steps, steps =>
    {
        var points = Points(steps, rising: true);
        var model = Model(points);
        return points.Zip(points.Skip(1)).All(pair => Enumerable.Range(pair.First.Batch + 1, pair.Second.Batch - pair.First.Batch - 1).All(batch =>
        {
            var median = model.MedianUs(batch, out var source);
            return source == Provenance.Interpolated && median >= pair.First.MedianUs && median <= pair.Second.MedianUs + 1e-9;
        }));
    }).Check(Seeded);

    [Fact]
    public void MedianUs_AnyPoints_NeverFallsWithBatchAndStaysPositive() => Prop.ForAll(Steps, steps =>
    {
        var model = Model(Points(steps, rising: false));
        var last = 0.0;
        for (var batch = 1; batch <= MaxBatch; batch++)
        {
            var median = model.MedianUs(batch, out _);
            if (median <= 0 || median < last - 1e-9)
            {
                return false;
            }

            last = median;
        }

        return true;
    }).Check(Seeded);

    [Fact]
    public void MedianUs_AffineMachine_IsRecoveredEverywhere()
    {
        // 30 µs a run and 2.5 µs a sample, seen at four batches only.
        var model = Model([.. new[] { 8, 64, 200, 256 }.Select(b => (b, 30 + (2.5 * b)))]);
        for (var batch = 8; batch <= MaxBatch; batch++)
        {
            Assert.Equal(30 + (2.5 * batch), model.MedianUs(batch, out _), 1e-9);
        }
    }

    [Fact]
    public void MedianUs_FallingMedians_ArePooledToTheirMean()
    {
        var model = Model([(1, 10), (2, 40), (4, 20), (8, 90)]);
        Assert.Equal(30, model.MedianUs(2, out _));
        Assert.Equal(30, model.MedianUs(3, out _));
        Assert.Equal(30, model.MedianUs(4, out _));
        Assert.Equal(10, model.MedianUs(1, out _));
        Assert.Equal(90, model.MedianUs(8, out _));
    }

    [Fact]
    public void MedianUs_BeyondTheLastPoint_ContinuesTheLastSlope()
    {
        var model = Model([(10, 100), (20, 120), (40, 200)]);
        Assert.Equal(200 + (4 * 60), model.MedianUs(100, out var source), 1e-9);
        Assert.Equal(Provenance.Extrapolated, source);
    }

    [Fact]
    public void MedianUs_BelowTheFirstPoint_ContinuesTheFirstSlopeButNeverBelowItsShareOfTheWork()
    {
        // Slope 2: batch 5 is 90. Slope 12: batch 5 would be 40, batch 1 −8; a fifth and a tenth of the work cost 50 and 10.
        Assert.Equal(90, Model([(10, 100), (20, 120)]).MedianUs(5, out var source), 1e-9);
        Assert.Equal(Provenance.Extrapolated, source);
        var steep = Model([(10, 100), (20, 220)]);
        Assert.Equal(50, steep.MedianUs(5, out _), 1e-9);
        Assert.Equal(10, steep.MedianUs(1, out _), 1e-9);
    }

    [Fact]
    public void MedianUs_OnePoint_IsFlatBelowAndProportionalAbove()
    {
        var model = Model([(16, 80)]);
        Assert.Equal(80, model.MedianUs(16, out var at));
        Assert.Equal(80, model.MedianUs(1, out var below));
        Assert.Equal(400, model.MedianUs(80, out var above));
        Assert.Equal((Provenance.Measured, Provenance.Extrapolated, Provenance.Extrapolated), (at, below, above));
    }

    [Fact]
    public void ResidualAt_Probability_IsLinearBetweenQuantiles()
    {
        var model = new ServiceTimeModel(Curves.Through([(1, 10)], 0.5, 1, 3), 1);
        Assert.Equal(0.5, model.ResidualAt(0), 12);
        Assert.Equal(0.75, model.ResidualAt(0.25), 12);
        Assert.Equal(1, model.ResidualAt(0.5), 12);
        Assert.Equal(2, model.ResidualAt(0.75), 12);
        Assert.Equal(3, model.ResidualAt(1), 12);
    }

    [Fact]
    public void ServiceNs_WithinAndBeyondTheTable_IsMedianTimesResidual()
    {
        var model = new ServiceTimeModel(Curves.Through([(1, 10), (11, 20)], 1, 3), maxBatch: 4);
        Assert.Equal(13_000 * 2, model.ServiceNs(4, 0.5), 1e-6);
        Assert.Equal(14_000 * 2, model.ServiceNs(5, 0.5), 1e-6);
        Assert.Equal(21_000 * 1.5, model.ServiceNs(12, 0.25), 1e-6);
    }

    [Fact]
    public void ServiceNs_WithinTheTable_AllocatesNothing()
    {
        var model = Model([(1, 10), (600, 900)]);
        model.ServiceNs(3, 0.5);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var sum = 0.0;
        for (var i = 1; i <= 10_000; i++)
        {
            sum += model.ServiceNs(1 + (i % MaxBatch), 0.3);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(sum > 0);
    }

    [Fact]
    public void Constructor_NothingToModel_Throws()
    {
        Assert.Throws<ArgumentException>(() => new ServiceTimeModel(Curves.Through([]), 1));
        Assert.Throws<ArgumentException>(() => new ServiceTimeModel(Curves.Through([(1, 10)], 1.0), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceTimeModel(Curves.Through([(1, 10)]), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Model([(1, 10)]).MedianUs(0, out _));
    }

    private static ServiceTimeModel Model((int Batch, double MedianUs)[] points) => new(Curves.Through(points), MaxBatch);

    private static (int Batch, double MedianUs)[] Points((int Gap, int MedianUs)[] steps, bool rising)
    {
        var points = new (int Batch, double MedianUs)[steps.Length];
        for (var i = 0; i < steps.Length; i++)
        {
            points[i] = i == 0
                ? (steps[i].Gap, steps[i].MedianUs)
                : (points[i - 1].Batch + steps[i].Gap, steps[i].MedianUs + (rising ? points[i - 1].MedianUs : 0));
        }

        return points;
    }
}
