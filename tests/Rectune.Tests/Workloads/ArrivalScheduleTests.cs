using Rectune.Core.Units;
using Rectune.Core.Workloads;
using Xunit;

namespace Rectune.Tests.Workloads;

public sealed class ArrivalScheduleTests
{
    private static readonly IArrivals Poisson = new PoissonArrivals();
    private static readonly IQuerySizes Sizes = new LognormalSizes();

    [Fact]
    public void Create_Poisson_GapsHaveUnitVariation()
    {
        // The standard error of the coefficient of variation of 40,000 exponentials is 1 / √40,000 = 0.005.
        var gaps = GapsInSeconds(ArrivalSchedule.Create(Poisson, Sizes, 1000, 40_000, 7));
        var mean = gaps.Average();
        var deviation = Math.Sqrt(gaps.Average(gap => (gap - mean) * (gap - mean)));
        Assert.Equal(0.001, mean, 0.00002);
        Assert.Equal(1.00, deviation / mean, 0.02);
    }

    [Fact]
    public void Create_Poisson_GapsPassKolmogorovSmirnov()
    {
        var gaps = GapsInSeconds(ArrivalSchedule.Create(Poisson, Sizes, 50, 20_000, 11));
        Array.Sort(gaps);
        double distance = 0;
        for (var i = 0; i < gaps.Length; i++)
        {
            var expected = 1 - Math.Exp(-50 * gaps[i]);
            distance = Math.Max(distance, Math.Max(((i + 1.0) / gaps.Length) - expected, expected - ((double)i / gaps.Length)));
        }

        // Asymptotic 1 % point of the Kolmogorov distribution: 1.628 / √n.
        Assert.True(distance < 1.628 / Math.Sqrt(gaps.Length), $"D = {distance}");
    }

    [Fact]
    public void Create_ForADuration_EndsInsideItWithThePoissonCount()
    {
        var schedule = ArrivalSchedule.Create(Poisson, Sizes, 200, Duration.FromSeconds(100), 3);
        Assert.InRange(schedule.InstantsNs[^1], 0, 100_000_000_000 - 1);
        // 20,000 expected, standard deviation √20,000 = 141.
        Assert.InRange(schedule.Count, 20_000 - 500, 20_000 + 500);
        Assert.Equal(schedule.Count, schedule.InstantsNs.Length);
        Assert.Equal(schedule.InstantsNs.Order(), schedule.InstantsNs);
    }

    [Fact]
    public void Create_SameSeedAtTwiceTheRate_IsTheSameQueriesInHalfTheTime()
    {
        var slow = ArrivalSchedule.Create(Poisson, Sizes, 100, 500, 5);
        var fast = ArrivalSchedule.Create(Poisson, Sizes, 200, 500, 5);
        Assert.Equal(slow.Sizes, fast.Sizes);
        Assert.All(slow.InstantsNs.Zip(fast.InstantsNs), pair => Assert.Equal(pair.First / 2.0, pair.Second, 1.0));
    }

    [Fact]
    public void Create_ForADuration_IsAPrefixOfTheCountedSchedule()
    {
        var timed = ArrivalSchedule.Create(Poisson, Sizes, 100, Duration.FromSeconds(2), 5);
        var counted = ArrivalSchedule.Create(Poisson, Sizes, 100, 1000, 5);
        Assert.Equal(counted.InstantsNs[..timed.Count], timed.InstantsNs);
        Assert.Equal(counted.Sizes[..timed.Count], timed.Sizes);
        Assert.True(counted.InstantsNs[timed.Count] >= 2_000_000_000);
    }

    [Fact]
    public void Create_OtherSeed_IsAnotherSchedule() =>
        Assert.NotEqual(
            ArrivalSchedule.Create(Poisson, Sizes, 100, 50, 5).InstantsNs, ArrivalSchedule.Create(Poisson, Sizes, 100, 50, 6).InstantsNs);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Create_ImpossibleRate_Refuses(double qps) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ArrivalSchedule.Create(Poisson, Sizes, qps, 10, 1));

    [Fact]
    public void TryParse_Misspelt_SuggestsPoisson()
    {
        Assert.True(ArrivalCatalog.TryParse("poisson", out var arrivals, out _));
        Assert.Equal("poisson", arrivals.Name);
        Assert.False(ArrivalCatalog.TryParse("poison", out _, out var problem));
        Assert.Equal("found 'poison', expected one of poisson, bursty, diurnal; did you mean 'poisson'?", problem);
    }

    private static double[] GapsInSeconds(ArrivalSchedule schedule) =>
        [.. schedule.InstantsNs.Prepend(0).Zip(schedule.InstantsNs, (before, after) => (after - before) / 1e9)];
}
