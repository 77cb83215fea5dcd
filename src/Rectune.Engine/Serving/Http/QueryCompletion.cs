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

    /// <summary><c>[count]</c> of the query last answered.</summary>
    public ReadOnlySpan<float> Scores => scores.AsSpan(0, count);

    public long RetainedBytes => 4L * scores.Length;

    /// <summary>Prepares for a query of <paramref name="samples"/> samples; returns the tag to submit it with.</summary>
    public long Begin(int samples)
    {
        core.Reset();
        count = 0;
        if (scores.Length < samples)
        {
            scores = new float[samples];
        }

        return core.Version;
    }

    /// <summary>True when the query begun last was answered with a finite score for each sample.</summary>
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
