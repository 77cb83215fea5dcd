using Rectune.Core.Numerics;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Numerics;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void PercentileNs_RandomLatencies_IsNeverBelowAndAtMostOnePercentAbove()
    {
        var random = new SplitMix64(2);
        var histogram = new LatencyHistogram();
        var values = new double[20_000];
        for (var i = 0; i < values.Length; i++)
        {
            // From nanoseconds to an hour, evenly in the logarithm.
            values[i] = Math.Floor(Math.Exp(random.NextDouble() * Math.Log(LatencyHistogram.LargestNs)));
            histogram.Record((long)values[i]);
        }

        Array.Sort(values);
        foreach (var p in new[] { 0, 0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1 })
        {
            var exact = Percentiles.NearestRank(values, p);
            Assert.InRange(histogram.PercentileNs(p)!.Value, exact, exact * 1.01);
        }

        Assert.Equal(values[^1], histogram.MaxNs);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(1_000_000)]
    [InlineData(LatencyHistogram.LargestNs)]
    public void PercentileNs_OneLatency_IsExact(long ns)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(ns);

        Assert.Equal(ns, histogram.PercentileNs(0.5));
    }

    [Fact]
    public void Record_InfiniteAndTooLong_CountAsInfinite()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(5);
        histogram.Record(LatencyHistogram.LargestNs + 1);
        histogram.RecordInfinite();

        Assert.Equal(3, histogram.Count);
        Assert.Equal(2, histogram.InfiniteCount);
        Assert.Equal(5, histogram.PercentileNs(0.33));
        Assert.Equal(double.PositiveInfinity, histogram.PercentileNs(0.34));
        Assert.Equal(double.PositiveInfinity, histogram.MaxNs);
    }

    [Fact]
    public void Add_TwoHistograms_EqualsRecordingAllInOne()
    {
        LatencyHistogram a = new(), b = new(), both = new();
        for (var i = 1; i < 3_000; i++)
        {
            var ns = (long)i * i * 7;
            (i % 3 == 0 ? a : b).Record(ns);
            both.Record(ns);
        }

        a.Add(b);

        Assert.Equal(both.Count, a.Count);
        for (var p = 0.0; p <= 1; p += 0.05)
        {
            Assert.Equal(both.PercentileNs(p), a.PercentileNs(p));
        }

        a.Clear();
        Assert.Null(a.PercentileNs(0.5));
    }

    [Fact]
    public void Record_SteadyState_AllocatesNothing()
    {
        var histogram = new LatencyHistogram();

        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 1; i < 10_000; i++)
            {
                histogram.Record(i * 1_000L);
            }
        }));
    }
}
