using Rectune.Core.Representations;
using Rectune.Engine.Data;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>Decodes the vectors that a cache keeps, with the decoder of the path itself.</summary>
internal static class HotVectorFill
{
    /// <summary>Ids that a thread decodes at a time: some tens of milliseconds.</summary>
    private const int Share = 8 * DecodedGroup.LargestChunk;

    /// <summary>The ids that a plan keeps, those used most first.</summary>
    public static int[][] Ids(VectorCachePlan plan, PopularIds popular) =>
        [.. plan.Tables.Zip(plan.Entries, (table, entries) => Enumerable.Range(1, checked((int)entries)).Select(rank => popular.Id(table.Feature, rank)).ToArray())];

    /// <summary>All vectors of <paramref name="ids"/>, on several threads.</summary>
    /// <param name="ids"><c>[tables][ids]</c></param>
    public static HotVectors Make(ModelGraphs graphs, EmbeddingDesign design, int[][] ids, int threads)
    {
        var made = new HotVectors(Contents(design, ids));
        try
        {
            using var evaluator = new RowEvaluator(graphs);
            for (var table = 0; table < ids.Length; table++)
            {
                var (index, slot) = (table, design.CachedTables[table].Slots[0]);
                Parallel.For(0, (ids[table].Length + Share - 1) / Share, new ParallelOptions { MaxDegreeOfParallelism = threads }, share =>
                {
                    var first = share * Share;
                    var count = Math.Min(Share, ids[index].Length - first);
                    evaluator.Evaluate(design, slot, ids[index].AsSpan(first, count), made.Vectors(index, first, count));
                });
            }

            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>All vectors of <paramref name="ids"/>: those that <paramref name="known"/> has are copied, the others decoded on the caller's thread, few at a time.</summary>
    /// <param name="atATime">Most that are decoded between two pauses.</param>
    /// <param name="pause">Called after each of them.</param>
    public static HotVectors Renew(ModelGraphs graphs, EmbeddingDesign design, int[][] ids, HotVectors known, int atATime, Action pause)
    {
        var made = new HotVectors(Contents(design, ids));
        try
        {
            using var evaluator = new RowEvaluator(graphs);
            for (var table = 0; table < ids.Length; table++)
            {
                var slot = design.CachedTables[table].Slots[0];
                var numbers = new int[ids[table].Length];
                known.Find(table, ids[table], numbers);
                var missing = new List<int>();
                for (var i = 0; i < numbers.Length; i++)
                {
                    if (numbers[i] == HotVectors.Absent)
                    {
                        missing.Add(i);
                    }
                    else
                    {
                        known.Vector(table, numbers[i]).CopyTo(made.Vectors(table, i, 1));
                    }
                }

                var dim = design.CachedTables[table].Dim;
                var decoded = new float[atATime * dim];
                foreach (var some in missing.Chunk(atATime))
                {
                    evaluator.Evaluate(design, slot, Array.ConvertAll(some, i => ids[table][i]), decoded);
                    for (var i = 0; i < some.Length; i++)
                    {
                        decoded.AsSpan(i * dim, dim).CopyTo(made.Vectors(table, some[i], 1));
                    }

                    pause();
                }
            }

            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    private static (int Dim, int[] Ids)[] Contents(EmbeddingDesign design, int[][] ids) => [.. design.CachedTables.Zip(ids, (table, of) => (table.Dim, of))];
}
