namespace Rectune.Core.Scheduling;

/// <summary>
/// How long an idle instance waits for company of what waits: at most the window, from the arrival of the oldest query, and no longer than the slack that the deadlines leave to a run of all that wait.
/// Allocates nothing.
/// </summary>
/// <param name="slots">Of all queries.</param>
/// <param name="paths">Of the line's device.</param>
/// <param name="windowNs">0: nobody waits for company.</param>
internal sealed class BatchWindow(Slot[] slots, LanePaths paths, long windowNs)
{
    public bool IsOff => windowNs == 0;

    /// <summary>When a line that is not empty waits no longer; 0 where it does not wait at all: a batch is full, a query has begun or needs a run of its own, or nobody knows how long runs take that have a deadline.</summary>
    /// <param name="waiting">Ring of the slots of the queries that wait.</param>
    /// <param name="head">Where the oldest stands.</param>
    /// <param name="count">Of those that wait.</param>
    public long DueNs(ReadOnlySpan<int> waiting, int head, int count)
    {
        ref readonly var oldest = ref slots[waiting[head]];
        if (oldest.NextPart > 0)
        {
            return 0;
        }

        var (samples, deadlineNs) = (0L, long.MaxValue);
        for (int i = 0, at = head; i < count; i++)
        {
            ref readonly var slot = ref slots[waiting[at]];
            samples += slot.Samples;
            if (samples >= paths.LargestBatch || slot.Grade > oldest.Grade)
            {
                return 0;
            }

            deadlineNs = Math.Min(deadlineNs, slot.DeadlineNs);
            at = at + 1 < waiting.Length ? at + 1 : 0;
        }

        var windowEndNs = oldest.OfferedNs + windowNs;
        return deadlineNs == long.MaxValue ? windowEndNs
            : !paths.ArePlanned ? 0
            : Math.Min(windowEndNs, deadlineNs - (long)Math.Ceiling(paths.LeastRunNs((int)samples, oldest.Grade)));
    }
}
