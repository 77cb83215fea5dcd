namespace Rectune.Tests.Fakes;

/// <summary>A clock that stands still until it is moved, and then calls the timers whose time has come, once each a move, on the thread that moves it. Not safe for concurrent use but by those who read it.</summary>
internal sealed class AlarmClock : TimeProvider
{
    private readonly List<Alarm> alarms = [];
    private long ns;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => Interlocked.Read(ref ns);

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) + TimeSpan.FromMicroseconds(GetTimestamp() / 1000);

    public void Advance(double seconds)
    {
        Interlocked.Add(ref ns, (long)(seconds * 1e9));
        Alarm[] all;
        lock (alarms)
        {
            all = [.. alarms];
        }

        foreach (var alarm in all)
        {
            alarm.CallWhereDue();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, () => callback(state));
        alarm.Change(dueTime, period);
        lock (alarms)
        {
            alarms.Add(alarm);
        }

        return alarm;
    }

    private sealed class Alarm(AlarmClock clock, Action call) : ITimer
    {
        private TimeSpan every = Timeout.InfiniteTimeSpan;
        private long dueNs = long.MaxValue;

        public void CallWhereDue()
        {
            if (clock.GetTimestamp() >= Interlocked.Read(ref dueNs))
            {
                Change(every, every);
                call();
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            every = period;
            Interlocked.Exchange(ref dueNs, dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : clock.GetTimestamp() + (dueTime.Ticks * TimeSpan.NanosecondsPerTick));
            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
