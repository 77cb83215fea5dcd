using System.Globalization;
using Rectune.Core.Numerics;
using Rectune.Core.Units;

namespace Rectune.Core.Workloads;

/// <summary>
/// Poisson arrivals whose rate jumps between a calm and a peak level, each held for an exponential time: the Markov-modulated Poisson process of two states (Fischer and Meier-Hellstern,
/// Performance Evaluation 18, 1993). The average is the rate that is asked for.
/// </summary>
public sealed class BurstyArrivals : IArrivals
{
    /// <summary>Bursts of one course, after which it begins anew.</summary>
    private const int Bursts = 1_000;

    /// <param name="peak">Rate of a burst over the average, above 1.</param>
    /// <param name="share">Share of the time in bursts, above 0; bursts hold no more than all queries: peak · share below 1.</param>
    /// <param name="burst">Mean length of a burst.</param>
    public BurstyArrivals(double peak, double share, Duration burst)
    {
        if (!(peak > 1) || !(share > 0) || !(peak * share < 1) || !(burst.Seconds > 0))
        {
            throw new ArgumentException($"bursts of {peak} times the rate for {share} of the time and {burst}: expected a peak above 1, a share above 0, peak × share below 1 and a length above 0", nameof(peak));
        }

        (Peak, Share, Burst) = (peak, share, burst);
    }

    public double Peak { get; }

    public double Share { get; }

    public Duration Burst { get; }

    public string Name => string.Create(CultureInfo.InvariantCulture, $"bursty:{Peak},{Share},{Burst.Exact()}");

    /// <summary>A burst and the calm that belongs to it.</summary>
    public double CycleSeconds => Burst.Seconds / Share;

    public double PeakFactor => Peak;

    public IArrivalCourse Begin(SplitMix64 generator)
    {
        var calm = (1 - (Peak * Share)) / (1 - Share);
        var bursting = generator.NextDouble() < Share;
        var steps = new (double Seconds, double Factor)[2 * Bursts];
        for (var i = 0; i < steps.Length; i++, bursting = !bursting)
        {
            var length = bursting ? Burst.Seconds : Burst.Seconds * (1 - Share) / Share;
            steps[i] = (Math.Max(1e-9, length * generator.NextExponential()), bursting ? Peak : calm);
        }

        // Of so many bursts the average is still a percent off: it is the rate that is asked for.
        var mean = new RateCourse(steps).MeanFactor;
        return new PoissonCourse(generator, new RateCourse([.. steps.Select(step => (step.Seconds, step.Factor / mean))]));
    }
}
