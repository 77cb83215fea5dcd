using System.Threading.Tasks.Sources;
using Rectune.Core.Domain;

namespace Rectune.Engine.Serving.Http;

/// <summary>
/// Waits for one query of an <see cref="IQueryTarget"/>, again and again without allocating. The target's thread copies the scores and goes on:
/// whoever waits resumes on the thread pool.
/// </summary>
internal sealed class QueryCompletion : IQueryObserver, IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> core = new() { RunContinuationsAsynchronously = true };
    private float[] scores = [];
    private int count;

    /// <summary><c>[samples, outputs]</c> of the query last answered.</summary>
    public ReadOnlySpan<float> Scores => scores.AsSpan(0, count);

    public long RetainedBytes => 4L * scores.Length;

    /// <summary>Prepares for a query that will have <paramref name="expected"/> scores; returns the tag to submit it with.</summary>
    public long Begin(int expected)
    {
        core.Reset();
        count = 0;
        if (scores.Length < expected)
        {
            scores = new float[expected];
        }

        return core.Version;
    }

    /// <summary>True when the query begun last was answered.</summary>
    public ValueTask<bool> WaitAsync() => new(this, core.Version);

    public void Ended(long tag, ReadOnlySpan<float> scores, bool failed)
    {
        if (tag != core.Version)
        {
            return;
        }

        var answered = !failed && scores.Length <= this.scores.Length;
        if (answered)
        {
            scores.CopyTo(this.scores);
            count = scores.Length;
        }

        core.SetResult(answered);
    }

    bool IValueTaskSource<bool>.GetResult(short token) => core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);
}
