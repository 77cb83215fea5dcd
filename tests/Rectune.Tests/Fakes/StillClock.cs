namespace Rectune.Tests.Fakes;

/// <summary>A clock that stands still at a stated instant until it is moved, in nanoseconds.</summary>
internal sealed class StillClock(DateTimeOffset now) : TimeProvider
{
    private long ns;

    public static StillClock AtNewYear() => new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => ns;

    public override DateTimeOffset GetUtcNow() => now + TimeSpan.FromMicroseconds(ns / 1000);

    public void Advance(double seconds) => ns += (long)(seconds * 1e9);
}
