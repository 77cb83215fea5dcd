using Rectune.Core.Simulation;
using Rectune.Core.Units;
using Rectune.Core.Workloads;
using Xunit;

namespace Rectune.Tests.Workloads;

public sealed class ArrivalProcessTests
{
    private static readonly IQuerySizes Sizes = new FixedSizes(1);

    [Fact]
    public void Bursty_ManyCycles_HasTheAverageRateAndAsManyMoreQueriesInBursts()
    {
        // 2,000 s at 100 a second, cycles of 1 s: the count's deviation is that of 2,000 bursts of exponential length, 2 · 200 · √2000 · 0.1 or 0.9 %.
        var schedule = ArrivalSchedule.Create(new BurstyArrivals(3, 0.1, Duration.FromMilliseconds(100)), Sizes, 100, Duration.FromSeconds(2000), 5);
        Assert.InRange(schedule.Count, 194_000, 206_000);

        // Variance over mean of counts in a window of T s: 1 + 2λ(r−1)²·π(1−π)τ(1 − (1−e^(−T/τ))τ/T), τ the correlation time of the two states (Fischer and Meier-Hellstern 1993).
        const double Window = 0.05;
        const double Correlation = 1 / ((1 / 0.1) + (1 / 0.9));
        var counts = new double[(int)(2000 / Window)];
        foreach (var ns in schedule.InstantsNs)
        {
            counts[Math.Min(counts.Length - 1, (int)(ns / 1e9 / Window))]++;
        }

        var mean = counts.Average();
        var dispersion = counts.Average(count => (count - mean) * (count - mean)) / mean;
        var calm = (1 - 0.3) / 0.9;
        var variance = 0.1 * 0.9 * Math.Pow(100 * (3 - calm), 2);
        var expected = 1 + (2 * variance * Correlation / 100 * (1 - (Correlation / Window * (1 - Math.Exp(-Window / Correlation)))));
        Assert.Equal(expected, dispersion, 0.1 * expected);
    }

    [Fact]
    public void Diurnal_WholeDays_PeaksAtNoonAndHasTheAverageRate()
    {
        // A day of 10 s at 1,000 a second, half as much again at noon; counts of tenths of a day over 40 days, folded from the fullest tenth on.
        var schedule = ArrivalSchedule.Create(new DiurnalArrivals(1.5, Duration.FromSeconds(10)), Sizes, 1000, Duration.FromSeconds(400), 7);
        Assert.InRange(schedule.Count, 397_000, 403_000);
        var tenths = new double[10];
        foreach (var ns in schedule.InstantsNs)
        {
            tenths[(int)(ns / 1e9 % 10)]++;
        }

        Assert.InRange(tenths.Max() / 40_000, 1.40, 1.52);
        Assert.InRange(tenths.Min() / 40_000, 0.48, 0.60);
    }

    [Theory]
    [InlineData(10, 100, 1)]
    [InlineData(20, 100, 0.5)]
    [InlineData(40, 100, 0.25)]
    [InlineData(86_400, 86.4, 1e-4)]
    [InlineData(0, 10, 1)]
    public void Scale_CyclesLongerThanATenthOfTheLoad_ShortensThemToIt(double cycleSeconds, double seconds, double scale) =>
        Assert.Equal(scale, ArrivalCycles.Scale(cycleSeconds, seconds), 1e-12);

    [Fact]
    public void Diurnal_ADayThatNoRunSees_IsShortenedToATenthOfTheRun()
    {
        // 100 s at 1,000 a second: ten days of 10 s. Tenths of a day, folded.
        var arrivals = new DiurnalArrivals(1.5, Duration.FromSeconds(86_400));
        var live = ArrivalSchedule.Create(arrivals, Sizes, 1000, Duration.FromSeconds(100), 7, ArrivalCycles.Scale(86_400, 100)).InstantsNs.Select(ns => ns / 1e9);
        var (instants, nsPerUnit) = SimulatedWorkload.Draw(arrivals, Sizes, 100_000, 7, 0).At(1000, new double[100_000]);
        Assert.All(new[] { live, [.. instants.ToArray().Select(at => at * nsPerUnit / 1e9)] }, seconds =>
        {
            var tenths = new double[10];
            foreach (var at in seconds)
            {
                tenths[(int)(at % 10)]++;
            }

            Assert.InRange(tenths.Sum(), 98_000, 102_000);
            Assert.InRange(tenths.Max() / 10_000, 1.4, 1.55);
            Assert.InRange(tenths.Min() / 10_000, 0.45, 0.6);
        });
    }

    [Theory]
    [InlineData("poisson")]
    [InlineData("bursty")]
    [InlineData("diurnal")]
    public void Begin_SameSeedAnyRate_IsTheSameQueriesInEvenTime(string name)
    {
        Assert.True(ArrivalCatalog.TryParse(name, out var arrivals, out _));
        var (slow, fast) = (ArrivalSchedule.Create(arrivals, new LognormalSizes(), 100, 300, 3), ArrivalSchedule.Create(arrivals, new LognormalSizes(), 400, 300, 3));
        Assert.Equal(slow.Sizes, fast.Sizes);
        Assert.Equal(slow.InstantsNs.Order(), slow.InstantsNs);
        Assert.True(fast.InstantsNs[^1] < slow.InstantsNs[^1]);
    }

    [Fact]
    public void Trace_Repeated_KeepsItsGapsInTheirOrderAtAnotherRate()
    {
        // Gaps 1, 2, 3, 1, 2, 3 …: 2 on average.
        var seconds = Enumerable.Range(0, 301).Select(i => (6.0 * (i / 3)) + (i % 3 == 0 ? 0 : i % 3 == 1 ? 1 : 3)).ToArray();
        var schedule = ArrivalSchedule.Create(new TraceArrivals("trace", seconds), Sizes, 1000, 1000, 9);
        var gaps = schedule.InstantsNs.Skip(1).Zip(schedule.InstantsNs, (next, at) => (int)Math.Round((next - at) / 0.5e6)).ToArray();
        Assert.Equal([1, 2, 3], gaps.Distinct().Order());
        Assert.All(Enumerable.Range(0, gaps.Length - 3), i => Assert.Equal(gaps[i], gaps[i + 3]));
    }

    [Theory]
    [InlineData("bursty", "bursty:3,0.1,100ms")]
    [InlineData("bursty:2.5,0.2,1s", "bursty:2.5,0.2,1s")]
    [InlineData("diurnal", "diurnal:1.5,20s")]
    [InlineData("diurnal:1.5,86400s", "diurnal:1.5,86400s")]
    [InlineData("bursty:2,0.1,12345us", "bursty:2,0.1,12345us")]
    [InlineData("poisson", "poisson")]
    public void TryParse_Known_IsNamedInFullAndReadBack(string text, string name)
    {
        Assert.True(ArrivalCatalog.TryParse(text, out var arrivals, out _));
        Assert.Equal(name, arrivals.Name);
        Assert.True(ArrivalCatalog.TryParse(arrivals.Name, out var again, out _));
        Assert.Equal(name, again.Name);
    }

    [Theory]
    [InlineData("bursty:1,0.1,100ms", "above 1")]
    [InlineData("bursty:10,0.1,100ms", "below 1")]
    [InlineData("bursty:3,0.1", "PEAK,SHARE,LENGTH")]
    [InlineData("bursty:3,0.1,0ms", "LENGTH")]
    [InlineData("bursty:3,0.1,10us", "at least 1ms")]
    [InlineData("bursty:3,1e-320,100ms", "at least 1e-6")]
    [InlineData("diurnal:2,20s", "below 2")]
    [InlineData("diurnal:1.5,", "LENGTH")]
    [InlineData("poisson:2", "poisson")]
    [InlineData("burst", "did you mean 'bursty'")]
    public void TryParse_Wrong_SaysWhatIsExpected(string text, string expected)
    {
        Assert.False(ArrivalCatalog.TryParse(text, out _, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.Contains($"'{text}'", problem, StringComparison.Ordinal);
    }
}
