using Rectune.Core.Numerics;

namespace Rectune.Core.Simulation;

/// <summary>
/// When runs are held up by whatever else the machine does. Such work goes to a core that is idle, and takes one from a run only while all instances are busy: two threads that counted on the two cores of
/// a machine were interrupted for 45 ms of every second, one that counted beside an idle core for 0.1 ms. So stalls come at a rate while all instances are busy, and not at all otherwise.
/// </summary>
internal sealed class StallClock
{
    private const ulong Purpose = 0x5374616C6C73;

    private SplitMix64 random;

    /// <summary>What is left of an exponential draw of mean 1, which stalls per nanosecond use up.</summary>
    private double left;

    private long sinceNs;

    /// <summary>Stalls per nanosecond of all instances together; 0 while one is idle.</summary>
    public double Rate { get; private set; }

    /// <summary>Of the next stall at this rate; the end of time where there is none.</summary>
    public long NextNs { get; private set; } = long.MaxValue;

    /// <summary>A schedule begins: time starts over.</summary>
    public void Begin(ulong seed)
    {
        random = SplitMix64.For(seed, Purpose);
        (sinceNs, Rate, NextNs, left) = (0, 0, long.MaxValue, random.NextExponential());
    }

    /// <summary>The rate from now on.</summary>
    /// <param name="nowNs">Never falls.</param>
    public void Set(long nowNs, double rate)
    {
        left -= (nowNs - sinceNs) * Rate;
        (sinceNs, Rate) = (nowNs, rate);
        NextNs = rate > 0 ? nowNs + (long)Math.Max(0, left / rate) : long.MaxValue;
    }

    /// <summary>The stall that is due: who is held up and for how long, both uniform in [0, 1).</summary>
    public (double Who, double HowLong) Take(long nowNs)
    {
        (left, sinceNs) = (random.NextExponential(), nowNs);
        NextNs = nowNs + (long)(left / Rate);
        return (random.NextDouble(), random.NextDouble());
    }
}
