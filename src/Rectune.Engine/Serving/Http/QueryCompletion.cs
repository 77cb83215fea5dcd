using System.Threading.Tasks.Sources;
using Rectune.Core.Domain;

namespace Rectune.Engine.Serving.Http;

/// <summary>
/// Waits for one query of an <see cref="IQueryTarget"/>, again and again without allocating. The target's thread copies the scores and goes on: whoever waits resumes on the thread pool; or, where
/// nobody else has a query that the target's thread could turn to, or where answering is short beside what it did for this one, on that thread, since handing over takes about as long as to answer.
/// </summary>
/// <param name="watch">Of the queries inside.</param>
internal sealed class QueryCompletion(ServerWatch watch) : IQueryObserver, IValueTaskSource<QueryEnd>
{
    private ManualResetValueTaskSourceCore<QueryEnd> core = new() { RunContinuationsAsynchronously = true };
    private float[] scores = [];
    private int count;
    private bool briefly;

    /// <summary><c>[samples, outputs]</c> of the query last answered.</summary>
    public ReadOnlySpan<float> Scores => scores.AsSpan(0, count);

    public long RetainedBytes => 4L * scores.Length;

    /// <summary>Prepares for a query that will have <paramref name="expected"/> scores; returns the tag to submit it with.</summary>
    /// <param name="resumesBriefly">Whether what follows its end is short enough for the thread of the target.</param>
    public long Begin(int expected, bool resumesBriefly)
    {
        core.Reset();
        briefly = resumesBriefly;
        count = 0;
        if (scores.Length < expected)
        {
            scores = new float[expected];
        }

        return core.Version;
    }

    /// <summary>How the query begun last ended.</summary>
    public ValueTask<QueryEnd> WaitAsync() => new(this, core.Version);

    public void Ended(long tag, ReadOnlySpan<float> scores, QueryEnd end)
    {
        if (tag != core.Version)
        {
            return;
        }

        if (end == QueryEnd.Answered && scores.Length <= this.scores.Length)
        {
            scores.CopyTo(this.scores);
            count = scores.Length;
        }

        core.RunContinuationsAsynchronously = !briefly || (watch.Inside > 1 && !InstanceThread.MayAnswer);
        core.SetResult(end == QueryEnd.Answered && count < scores.Length ? QueryEnd.Failed : end);
    }

    QueryEnd IValueTaskSource<QueryEnd>.GetResult(short token) => core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<QueryEnd>.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource<QueryEnd>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);
}
