namespace Rectune.Engine.Serving.Http;

/// <summary>
/// How queries ended in each of the last seconds, in fixed memory (38 KiB a second kept). Time is handed in, as time since a start. Safe for concurrent use; recording
/// allocates nothing.
/// </summary>
public sealed class RecentQueries
{
    private readonly Lock guard = new();
    private readonly QueryTally[] tallies;
    private readonly long[] seconds;

    /// <param name="fullSeconds">Full seconds that are kept beside the one under way.</param>
    public RecentQueries(int fullSeconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fullSeconds, 1);
        tallies = new QueryTally[fullSeconds + 1];
        seconds = new long[fullSeconds + 1];
        for (var i = 0; i < tallies.Length; i++)
        {
            tallies[i] = new QueryTally();
            seconds[i] = -1;
        }
    }

    public int FullSeconds => tallies.Length - 1;

    public void Ended(QueryOutcome outcome, TimeSpan now)
    {
        lock (guard)
        {
            At(now)?.Ended(outcome);
        }
    }

    public void Answered(int samples, TimeSpan latency, bool withinLimit, TimeSpan now)
    {
        lock (guard)
        {
            At(now)?.Answered(samples, latency, withinLimit);
        }
    }

    /// <summary>All of the last full seconds, without the one under way, whose share of its queries is not known.</summary>
    public QueryTally Full(TimeSpan now)
    {
        var sum = new QueryTally();
        var current = Second(now);
        lock (guard)
        {
            for (var i = 0; i < tallies.Length; i++)
            {
                if (seconds[i] >= 0 && seconds[i] < current && seconds[i] >= current - FullSeconds)
                {
                    sum.Add(tallies[i]);
                }
            }
        }

        return sum;
    }

    /// <summary>Queries owed an answer, and those of them turned away, in the second under way and the <paramref name="before"/> ones before it.</summary>
    public (long Owed, long TurnedAway) Pressure(TimeSpan now, int before)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(before, FullSeconds);
        long owed = 0;
        long turnedAway = 0;
        var current = Second(now);
        lock (guard)
        {
            for (var i = 0; i < tallies.Length; i++)
            {
                if (seconds[i] >= 0 && seconds[i] <= current && seconds[i] >= current - before)
                {
                    owed += tallies[i].Owed;
                    turnedAway += tallies[i].TurnedAway;
                }
            }
        }

        return (owed, turnedAway);
    }

    private static long Second(TimeSpan now) => now.Ticks / TimeSpan.TicksPerSecond;

    /// <summary>The tally of a second; null for one so long ago that its place is taken.</summary>
    private QueryTally? At(TimeSpan now)
    {
        var second = Second(now);
        var place = (int)(second % tallies.Length);
        if (seconds[place] > second)
        {
            return null;
        }

        if (seconds[place] < second)
        {
            tallies[place].Clear();
            seconds[place] = second;
        }

        return tallies[place];
    }
}
