namespace Rectune.Tests.Fakes;

/// <summary>A clock that stands still at a stated instant, ticking nanoseconds.</summary>
internal sealed class StillClock(DateTimeOffset now) : TimeProvider
{
    public static StillClock NewYear { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => 0;

    public override DateTimeOffset GetUtcNow() => now;
}
