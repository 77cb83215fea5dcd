using Rectune.Core.Domain;
using Rectune.Core.Representations;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>
/// Decodes a group for one instance on all its threads. Hashed features are shared out among them, each part a decoder of its own on one thread: a thread then hashes what
/// it decodes, and waits for nobody between layers, whose products are too small to be worth two threads. Allocates nothing after construction; not safe for concurrent use.
/// </summary>
internal sealed unsafe class GroupDecoding : IPieceWork, IDisposable
{
    /// <summary>Parts a thread at most: one that runs slowly leaves some of its share to the others, and equal shares stay equal where features are few.</summary>
    public const int PartsPerThread = 16;

    private readonly ThreadTeam team;
    private readonly VectorDecoding[] parts;
    private FeatureBatch? source;
    private int start;
    private int count;
    private float* target;
    private int targetElements;

    /// <param name="team">The instance's threads; not owned.</param>
    public GroupDecoding(
        ModelGraphs graphs, EmbeddingDesign design, DecodedGroup group, EmbeddingTables? tables, int maxBatch, InstanceSetup setup, ThreadTeam team)
    {
        this.team = team;
        var split = group.Hashed && team.Threads > 1 && group.Slots.Count >= team.Threads;
        var made = new List<VectorDecoding>();
        try
        {
            foreach (var part in split ? group.Split(PartsPerThread * team.Threads) : [group])
            {
                made.Add(split
                    ? new VectorDecoding(graphs, design, part, tables: null, maxBatch, setup.Alone(), team: null)
                    : new VectorDecoding(graphs, design, part, tables, maxBatch, setup, team));
            }
        }
        catch
        {
            made.ForEach(part => part.Dispose());
            throw;
        }

        parts = [.. made];
    }

    /// <inheritdoc cref="VectorDecoding.Decode"/>
    public void Decode(FeatureBatch source, int start, int count, Span<float> destination)
    {
        if (parts.Length == 1)
        {
            parts[0].Decode(source, start, count, destination);
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
