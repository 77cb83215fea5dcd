namespace Rectune.Tests.Fakes;

/// <summary>A clock that moves on by the same time whenever it is read, by any thread: what lies between two readings has taken at least that long.</summary>
internal sealed class TickingClock(TimeSpan step) : TimeProvider
{
    private long ns;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => Interlocked.Add(ref ns, step.Ticks * TimeSpan.NanosecondsPerTick);
}
