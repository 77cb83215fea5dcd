using Rectune.Core.Domain;
using Rectune.Core.Representations;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>
/// Decodes a group for one instance on all its threads. Hashed features are shared out among them, each part a decoder of its own on one thread: a thread then hashes what
/// it decodes, and waits for nobody between layers, whose products are too small to be worth two threads. With a cache every feature is a part: each has ids of its own left to decode. Allocates nothing after construction; not safe for concurrent use.
/// </summary>
internal sealed unsafe class GroupDecoding : IPieceWork, IDisposable
{
    /// <summary>Parts a thread at most: one that runs slowly leaves some of its share to the others, and equal shares stay equal where features are few.</summary>
    public const int PartsPerThread = 16;

    private readonly ThreadTeam team;
    private readonly IVectorDecoding[] parts;
    private readonly bool sharedOut;
    private FeatureBatch? source;
    private int start;
    private int count;
    private float* target;
    private int targetElements;

    /// <param name="team">The instance's threads; not owned.</param>
    /// <param name="cache">The instance's hold on a cache of finished vectors, not owned; null without one.</param>
    public GroupDecoding(
        ModelGraphs graphs, EmbeddingDesign design, DecodedGroup group, EmbeddingTables? tables, int maxBatch, InstanceSetup setup, ThreadTeam team, CacheReader? cache)
    {
        this.team = team;
        sharedOut = group.Hashed && team.Threads > 1 && group.Slots.Count >= team.Threads;
        var (ofPart, hashing) = sharedOut ? (setup.Alone(), null) : (setup, team);
        var made = new List<IVectorDecoding>();
        try
        {
            if (cache is not null && group.Hashed)
            {
                made.AddRange(group.Split(group.Slots.Count).Select(part => new CachedDecoding(graphs, design, part, maxBatch, ofPart, hashing, cache)));
            }
            else
            {
                made.AddRange((sharedOut ? group.Split(PartsPerThread * team.Threads) : [group])
                    .Select(part => new VectorDecoding(graphs, design, part, sharedOut ? null : tables, maxBatch, ofPart, hashing)));
            }
        }
        catch
        {
            made.ForEach(part => part.Dispose());
            throw;
        }

        parts = [.. made];
    }

    /// <summary>Lookups in the cache so far.</summary>
    public CacheUse CacheUse
    {
        get
        {
            var use = default(CacheUse);
            foreach (var part in parts)
            {
                use = use.Plus(part.CacheUse);
            }

            return use;
        }
    }

    /// <inheritdoc cref="IVectorDecoding.Decode"/>
    public void Decode(FeatureBatch source, int start, int count, Span<float> destination)
    {
        if (!sharedOut)
        {
            foreach (var part in parts)
            {
                part.Decode(source, start, count, destination);
            }

            return;
        }

        fixed (float* first = destination)
        {
            (this.source, this.start, this.count, targetElements) = (source, start, count, destination.Length);
            target = first;
            team.Run(this, parts.Length);
            this.source = null;
        }
    }

    /// <summary>Writes the vectors of one part, which no other part writes.</summary>
    public void RunPiece(int piece) => parts[piece].Decode(source!, start, count, new Span<float>(target, targetElements));

    public void Dispose() => Array.ForEach(parts, part => part.Dispose());
}
