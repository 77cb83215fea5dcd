using Rectune.Core.Numerics;

namespace Rectune.Core.Workloads;

/// <summary>The gaps of a recorded trace in their order, from anywhere in it and around; all of them longer or shorter where another rate is asked for.</summary>
public sealed class TraceArrivals : IArrivals
{
    /// <summary>Fewest arrivals of which a trace says anything.</summary>
    public const int Fewest = 100;

    private readonly double[] gaps;

    /// <param name="name">As the plan names it.</param>
    /// <param name="seconds">Instants, never falling, at least <see cref="Fewest"/> and not all at once.</param>
    public TraceArrivals(string name, IReadOnlyList<double> seconds)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(seconds);
        ArgumentOutOfRangeException.ThrowIfLessThan(seconds.Count, Fewest, nameof(seconds));
        Name = name;
        Count = seconds.Count;
        var mean = (seconds[^1] - seconds[0]) / (seconds.Count - 1);
        if (!(mean > 0) || !double.IsFinite(mean))
        {
            throw new ArgumentException("a trace of arrivals that takes no time", nameof(seconds));
        }

        gaps = new double[seconds.Count - 1];
        for (var i = 0; i < gaps.Length; i++)
        {
            gaps[i] = (seconds[i + 1] - seconds[i]) / mean;
            if (!(gaps[i] >= 0))
            {
                throw new ArgumentException($"arrival {i + 1} of a trace lies before the one in front of it", nameof(seconds));
            }
        }
    }

    public string Name { get; }

    /// <summary>Arrivals in the trace.</summary>
    public int Count { get; }

    /// <summary>Unknown: a trace repeats when it is at its end.</summary>
    public double CycleSeconds => 0;

    public double PeakFactor => 1;

    public IArrivalCourse Begin(SplitMix64 generator) => new Course(gaps, (int)generator.NextInt64(gaps.Length));

    private sealed class Course(double[] gaps, int first) : IArrivalCourse
    {
        private int next = first;
        private double now;

        public RateCourse? Rates => null;

        public double Next()
        {
            now += gaps[next];
            next = (next + 1) % gaps.Length;
            return now;
        }
    }
}
