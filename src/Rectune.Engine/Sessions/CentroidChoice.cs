using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Numerics;
using Rectune.Core.Representations;
using Rectune.Engine.Data;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>
/// Chooses what stands for the vectors of ids that no cache holds (the decoder cache of MP-Cache: Hsia et al., MP-Rec, ASPLOS 2023): for each table the middles of some encodings of such ids, and
/// what the path's own decoder makes of them. The same for the same model, workload, cache and number, so that what was measured of them holds wherever they are chosen again.
/// </summary>
internal static class CentroidChoice
{
    private const ulong Purpose = 0x43656E74726F6964;

    /// <summary>Encodings lie far from each other, and after so many rounds few still change sides.</summary>
    private const int Rounds = 4;

    /// <summary>What a configuration makes its vectors by: the design of the tables, or the same with centroids for decoders, chosen now unless another instance did.</summary>
    /// <exception cref="InvalidInputException">Centroids for a representation that hashes no ids, or for ids of which nobody knows how often they are used.</exception>
    public static EmbeddingDesign Design(ModelGraphs graphs, StoredTables stored, Configuration configuration)
    {
        if (configuration.Centroids is not { } count)
        {
            return stored.Design;
        }

        var design = stored.Design;
        if (design.CachedTables.Count == 0)
        {
            throw new InvalidInputException(
                "centroids",
                $"found {count} for {design.Representation.Id()}, which hashes no ids of '{design.Card.Name}'",
                "use them with dhe, hybrid or select, or leave them out");
        }

        if (stored.Popular is not { } popular)
        {
            throw new InvalidInputException(
                "centroids",
                $"found {count}, but not which ids of '{design.Card.Name}' are used most, by which they are chosen: others would change scores by more or less than was measured",
                "plan with --skew in place of --data, or leave them out");
        }

        return stored.WithCentroids(configuration.CacheBytes, count, () => Choose(graphs, design, popular, configuration.CacheBytes, count, configuration.Cores()));
    }

    private static EmbeddingDesign Choose(ModelGraphs graphs, EmbeddingDesign design, PopularIds popular, long cacheBytes, int count, int threads)
    {
        var kept = VectorCachePlan.Of(design, cacheBytes, popular.Law).Entries;
        var chosen = new CentroidVectors[design.CachedTables.Count];
        Parallel.For(0, chosen.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, table => chosen[table] = OfTable(graphs, design, popular, table, kept[table], count));
        return design.WithCentroids(count, chosen);
    }

    private static CentroidVectors OfTable(ModelGraphs graphs, EmbeddingDesign design, PopularIds popular, int number, long kept, int count)
    {
        var table = design.CachedTables[number];
        count = design.CentroidsOf(table, count);
        var random = SplitMix64.For(graphs.Seed, Purpose, StableHash.Of(design.TableOf(table.Slots[0])));
        var sample = CentroidSample.Draw(popular, table.Feature, kept, count, design.Card.Sparse[table.Feature].Rows, random);
        var hashes = design.Sources[table.Slots[0]].Hashes!;
        var encodings = new float[checked(sample.Ids.Length * hashes.Count)];
        new DheEncoder().Encode(graphs.Hashes(hashes), hashes.Encoding, sample.Ids, encodings);
        var means = DirectionClusters.Means(encodings, hashes.Count, sample.Weights, count, Rounds);
        return new CentroidVectors(Matrices.Transpose(DirectionClusters.Directions(means, hashes.Count), count, hashes.Count), Decoded(graphs, design, table, means, count));
    }

    /// <summary><c>[count, k]</c> → <c>[count, dim]</c></summary>
    private static float[] Decoded(ModelGraphs graphs, EmbeddingDesign design, CachedTable table, float[] encodings, int count)
    {
        const int Chunk = DecodedGroup.LargestChunk;
        using var session = graphs.LoadDecoder(design, new DecodedGroup([table.Slots[0]], Hashed: true, IdsPerSample: 1), Math.Min(Chunk, count), InstanceSetup.Caller);
        var width = encodings.Length / count;
        var vectors = new float[count * table.Dim];
        for (var first = 0; first < count; first += Chunk)
        {
            var rows = Math.Min(Chunk, count - first);
            encodings.AsSpan(first * width, rows * width).CopyTo(session.Input(0));
            session.Run(rows);
            session.Output(0)[..(rows * table.Dim)].CopyTo(vectors.AsSpan(first * table.Dim));
        }

        return vectors;
    }
}
