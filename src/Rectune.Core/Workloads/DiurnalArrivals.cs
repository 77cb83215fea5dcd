using System.Globalization;
using Rectune.Core.Numerics;
using Rectune.Core.Units;

namespace Rectune.Core.Workloads;

/// <summary>Poisson arrivals whose rate rises and falls as a sine: a day, however short. It begins anywhere in the day. The average is the rate that is asked for.</summary>
public sealed class DiurnalArrivals : IArrivals
{
    private const int StepsOfADay = 96;

    /// <param name="peak">Rate at noon over the average, above 1 and below 2.</param>
    /// <param name="day">Length of a day.</param>
    public DiurnalArrivals(double peak, Duration day)
    {
        if (!(peak > 1) || !(peak < 2) || !(day.Seconds > 0))
        {
            throw new ArgumentException($"a day of {day} with {peak} times the average rate at noon: expected a peak above 1 and below 2 and a length above 0", nameof(peak));
        }

        (Peak, Day) = (peak, day);
    }

    public double Peak { get; }

    public Duration Day { get; }

    public string Name => string.Create(CultureInfo.InvariantCulture, $"diurnal:{Peak},{Day.Exact()}");

    public double CycleSeconds => Day.Seconds;

    public double PeakFactor => Peak;

    public IArrivalCourse Begin(SplitMix64 generator)
    {
        var phase = generator.NextDouble();
        var steps = new (double, double)[StepsOfADay];
        for (var i = 0; i < StepsOfADay; i++)
        {
            steps[i] = (Day.Seconds / StepsOfADay, 1 + ((Peak - 1) * Math.Sin(2 * Math.PI * (phase + ((i + 0.5) / StepsOfADay)))));
        }

        return new PoissonCourse(generator, new RateCourse(steps));
    }
}
