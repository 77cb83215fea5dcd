using Rectune.Core.Numerics;

namespace Rectune.Engine.Load.Http;

/// <summary>Counts what becomes of queries. Not safe for concurrent use; recording allocates nothing.</summary>
internal sealed class ClientTally(TimeProvider clock)
{
    private readonly long[] ended = new long[Enum.GetValues<AnswerKind>().Length];
    private readonly LatencyHistogram exchanges = new();
    private readonly LatencyHistogram waits = new();
    private readonly double nsPerTick = 1e9 / clock.TimestampFrequency;

    private long since = clock.GetTimestamp();
    private TimeSpan cpuBefore = Environment.CpuUsage.TotalTime;
    private long sent;
    private long waited;
    private long opened;
    private int mostBusy;
    private string? firstProblem;

    public void Sent() => sent++;

    public void Waits() => waited++;

    public void Opened() => opened++;

    public void HasBusy(int count) => mostBusy = Math.Max(mostBusy, count);

    /// <param name="ticks">Time that a query waited for its connection.</param>
    public void Waited(long ticks) => waits.Record((long)(ticks * nsPerTick));

    /// <param name="ticks">Time from sending to the complete answer.</param>
    /// <param name="problem">What went wrong; null where nothing did.</param>
    public void Ended(AnswerKind kind, long ticks, string? problem)
    {
        ended[(int)kind]++;
        firstProblem ??= problem;
        if (kind == AnswerKind.Answered)
        {
            exchanges.Record((long)(ticks * nsPerTick));
        }
    }

    /// <summary>What was counted since the last report.</summary>
    /// <param name="busy">Connections in use now.</param>
    public ClientReport Take(int busy)
    {
        var now = clock.GetTimestamp();
        var cpu = Environment.CpuUsage.TotalTime;
        var report = new ClientReport
        {
            Sent = sent,
            Answered = ended[(int)AnswerKind.Answered],
            Refused = ended[(int)AnswerKind.Refused],
            OtherStatus = ended[(int)AnswerKind.OtherStatus],
            Malformed = ended[(int)AnswerKind.Malformed],
            Disconnected = ended[(int)AnswerKind.Disconnected],
            TimedOut = ended[(int)AnswerKind.TimedOut],
            ConnectionsOpened = opened,
            MostConnections = mostBusy,
            WaitedForConnection = waited,
            WaitP99Ms = Ms(waits.PercentileNs(0.99)),
            AcceptedP50Ms = Ms(exchanges.PercentileNs(0.5)),
            AcceptedP99Ms = Ms(exchanges.PercentileNs(0.99)),
            AcceptedMaxMs = exchanges.Count == 0 ? null : Ms(exchanges.MaxNs),
            CpuShare = Math.Round((cpu - cpuBefore).TotalSeconds / Math.Max(1e-9, clock.GetElapsedTime(since, now).TotalSeconds), 4),
            FirstProblem = firstProblem,
        };
        (since, cpuBefore, sent, waited, opened, mostBusy, firstProblem) = (now, cpu, 0, 0, 0, busy, null);
        Array.Clear(ended);
        exchanges.Clear();
        waits.Clear();
        return report;
    }

    private static double? Ms(double? ns) => ns is { } value && double.IsFinite(value) ? SignificantDigits.Round(value / 1e6, 4) : null;
}
