using Rectune.Core.Domain;
using Rectune.Engine.Data;
using Rectune.Engine.Kernels;
using Rectune.Engine.Sessions;

namespace Rectune.Engine.Profiling;

/// <summary>
/// Largest difference between the scores of a precision and those of full-precision rows on a fixed sample of candidates. The reference pools the generated
/// rows themselves, so no fp32 table has to be in memory.
/// </summary>
internal sealed class ScoreComparison(ModelCard card, DenseModel model, GeneratedTables tables, FeatureBatch pool)
{
    private const int SampleSize = 1024;

    private float[]? reference;

    /// <summary>max |score − reference score| over the sample.</summary>
    public double LargestChange(EmbeddingTables opened)
    {
        var count = Math.Min(SampleSize, pool.Samples);
        using var session = new DenseSession(model.Graph, model.DenseWidth, model.PooledWidth, model.Outputs, count, threads: 1, new RuntimeOptions());
        pool.Dense.AsSpan(0, count * model.DenseWidth).CopyTo(session.Dense);
        if (reference is null)
        {
            PoolReference(session.Pooled, count);
            session.Run(count);
            reference = session.Scores[..(count * model.Outputs)].ToArray();
        }

        new PooledEmbeddings().Pool(opened, pool, 0, count, session.Pooled[..(count * model.PooledWidth)]);
        session.Run(count);
        var largest = 0.0;
        for (var i = 0; i < reference.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs((double)session.Scores[i] - reference[i]));
        }

        return largest;
    }

    private void PoolReference(Span<float> pooled, int count)
    {
        pooled[..(count * model.PooledWidth)].Clear();
        var at = 0;
        for (var table = 0; table < card.Sparse.Count; table++)
        {
            var dim = card.Sparse[table].Dim;
            var row = new float[dim];
            var column = pool.Columns[table];
            var perSample = column.Ids.Length / pool.Samples;
            for (var sample = 0; sample < count; sample++)
            {
                var from = column.Offsets is null ? sample * perSample : column.Offsets[sample];
                var to = column.Offsets is null ? from + perSample : column.Offsets[sample + 1];
                var target = pooled.Slice((sample * model.PooledWidth) + at, dim);
                for (var k = from; k < to; k++)
                {
                    tables.GenerateRow(table, column.Ids[k], row);
                    System.Numerics.Tensors.TensorPrimitives.Add(target, row, target);
                }
            }

            at += dim;
        }
    }
}
