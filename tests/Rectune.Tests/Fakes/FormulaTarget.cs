using System.Threading.Channels;
using Rectune.Core.Domain;

namespace Rectune.Tests.Fakes;

/// <summary>
/// Scores on a thread of its own by a formula that can be done by hand: Σ dense + Σ over features f of (f + 1) × Σ ids of f; output o of several is o + 1 times it.
/// </summary>
public sealed class FormulaTarget : IQueryTarget, IDisposable
{
    private readonly Channel<(FeatureBatch Source, int Start, int Count, IQueryObserver Observer, long Tag)> queue =
        Channel.CreateUnbounded<(FeatureBatch, int, int, IQueryObserver, long)>();

    private readonly ManualResetEventSlim open = new(initialState: true);
    private readonly Thread worker;
    private readonly int outputs;

    public FormulaTarget(int outputs = 1)
    {
        this.outputs = outputs;
        worker = new Thread(Work) { IsBackground = true };
        worker.Start();
    }

    /// <summary>Answers every query with this; null: accepts.</summary>
    public Admission? Refuses { get; set; }

    /// <summary>How accepted queries end.</summary>
    public QueryEnd Ends { get; set; }

    /// <summary>Throws on every query, as a bug would.</summary>
    public bool Throws { get; set; }

    /// <summary>Added to the last score.</summary>
    public float Bias { get; set; }

    /// <summary>Queries accepted so far.</summary>
    public int Accepted { get; private set; }

    /// <summary>What the last query offered asked for; null before the first.</summary>
    public QueryTerms? LastTerms { get; private set; }

    public static float Score(FeatureBatch batch, int sample)
    {
        var width = batch.Dense.Length == 0 ? 0 : DenseWidth;
        var score = 0f;
        for (var j = 0; j < width; j++)
        {
            score += batch.Dense[(sample * width) + j];
        }

        for (var f = 0; f < batch.Columns.Length; f++)
        {
            var (ids, offsets) = batch.Columns[f];
            for (var i = offsets![sample]; i < offsets[sample + 1]; i++)
            {
                score += (f + 1) * ids[i];
            }
        }

        return score;
    }

    /// <summary>Of all samples, one output each.</summary>
    public static float[] Scores(FeatureBatch batch) => [.. Enumerable.Range(0, batch.Samples).Select(sample => Score(batch, sample))];

    public static int DenseWidth => 3;

    /// <summary>What each path is said to have done; empty: cannot tell.</summary>
    public IReadOnlyList<PathUse> Uses { get; set; } = [];

    public IReadOnlyList<PathUse> UseOfPaths() => Uses;

    public void Hold() => open.Reset();

    public void Release() => open.Set();

    public Admission Submit(FeatureBatch source, int start, int count, IQueryObserver observer, long tag, QueryTerms terms = default)
    {
        LastTerms = terms;
        if (Throws)
        {
            throw new InvalidOperationException("a bug in the target");
        }

        if (Refuses is { } refusal)
        {
            return refusal;
        }

        Accepted++;
        return queue.Writer.TryWrite((source, start, count, observer, tag)) ? Admission.Accepted : Admission.Closing;
    }

    public void Dispose()
    {
        open.Set();
        queue.Writer.Complete();
        worker.Join();
        open.Dispose();
    }

    private void Work()
    {
        var scores = new float[4096 * outputs];
        while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (queue.Reader.TryRead(out var query))
            {
                open.Wait();
                var count = query.Count * outputs;
                for (var i = 0; i < count; i++)
                {
                    scores[i] = (Score(query.Source, query.Start + (i / outputs)) * (1 + (i % outputs))) + (i == count - 1 ? Bias : 0);
                }

                query.Observer.Ended(query.Tag, Ends == QueryEnd.Answered ? scores.AsSpan(0, count) : [], Ends);

                // What was lent is not valid after the call.
                scores.AsSpan(0, count).Fill(float.NaN);
            }
        }
    }
}
