using System.Numerics.Tensors;
using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Representations;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>
/// Makes the vectors of one hashed slot for one instance with a cache before the decoder: cached vectors go straight to their places, the other ids are gathered, hashed and decoded
/// some hundred at a time, and no decoder runs where none is left. Allocates nothing after construction; not safe for concurrent use.
/// </summary>
internal sealed class CachedDecoding : IVectorDecoding
{
    private readonly VectorSlot slot;
    private readonly int layoutWidth;
    private readonly CacheReader reader;
    private readonly int table;
    private readonly int counter;
    private readonly GraphSession session;
    private readonly HashingPieces hashing;
    private readonly ThreadTeam? team;

    /// <summary>Of the ids just looked up.</summary>
    private readonly int[] numbers;

    /// <summary>Ids that wait to be decoded, and where in the destination the vector of each goes.</summary>
    private readonly int[] waiting;
    private readonly int[] places;

    private long lookups;
    private long hits;

    /// <param name="group">One slot, hashed.</param>
    /// <param name="setup">Of the decoder.</param>
    /// <param name="team">Threads that hash, not owned; null where the caller's does.</param>
    /// <param name="reader">The instance's hold on the cache, begun and ended by whoever calls; not owned.</param>
    public CachedDecoding(ModelGraphs graphs, EmbeddingDesign design, DecodedGroup group, int maxBatch, InstanceSetup setup, ThreadTeam? team, CacheReader reader)
    {
        var index = group.Slots.Single();
        slot = design.Layout.Slots[index];
        layoutWidth = design.Layout.Width;
        this.team = team;
        this.reader = reader;
        table = reader.TableOf(index);
        counter = reader.Join(table);
        var chunk = (int)Math.Min(DecodedGroup.LargestChunk, (long)maxBatch * group.IdsPerSample);
        numbers = new int[chunk];
        waiting = new int[chunk];
        places = new int[chunk];
        session = graphs.LoadDecoder(design, group, chunk, setup);
        hashing = new HashingPieces([design.Sources[index].Hashes!], graphs, [waiting], session);
    }

    public CacheUse CacheUse
    {
        get
        {
            // Hits first: they then never exceed the lookups.
            var found = Volatile.Read(ref hits);
            return new CacheUse(Volatile.Read(ref lookups), found);
        }
    }

    public void Decode(FeatureBatch source, int start, int count, Span<float> destination)
    {
        for (var sample = 0; sample < count; sample++)
        {
            destination.Slice((sample * layoutWidth) + slot.Column, slot.Elements).Clear();
        }

        var version = reader.Version;
        var vectors = version.Vectors;
        var position = new BagPosition(source, slot.Feature, start, count);
        var (asked, found, left) = (0, 0, 0);
        while (position.Remaining > 0)
        {
            var ids = position.Peek(numbers.Length);
            vectors.Find(table, ids, numbers);
            version.Counters[counter].Count(ids, numbers);
            for (var i = 0; i < ids.Length; i++)
            {
                var (sample, step) = position.Take();
                if (slot.Steps > 0 && step >= slot.Steps)
                {
                    // Nobody looks at steps beyond the last.
                    continue;
                }

                asked++;
                var at = (sample * layoutWidth) + slot.Column + (slot.Steps == 0 ? 0 : step * slot.Dim);
                if (numbers[i] != HotVectors.Absent)
                {
                    found++;
                    Put(vectors.Vector(table, numbers[i]), destination.Slice(at, slot.Dim));
                    continue;
                }

                (waiting[left], places[left]) = (ids[i], at);
                if (++left == waiting.Length)
                {
                    DecodeWaiting(left, destination);
                    left = 0;
                }
            }
        }

        if (left > 0)
        {
            DecodeWaiting(left, destination);
        }

        Volatile.Write(ref lookups, lookups + asked);
        Volatile.Write(ref hits, hits + found);
    }

    public void Dispose() => session.Dispose();

    private void DecodeWaiting(int count, Span<float> destination)
    {
        if (team is null)
        {
            hashing.RunAll(count);
        }
        else
        {
            team.Run(hashing, hashing.Cut(count));
        }

        session.Run(count);
        var decoded = session.Output(0);
        for (var i = 0; i < count; i++)
        {
            Put(decoded.Slice(i * slot.Dim, slot.Dim), destination.Slice(places[i], slot.Dim));
        }
    }

    /// <summary>Into a bag's sum or a step of its own; both begin as zeros.</summary>
    private void Put(ReadOnlySpan<float> vector, Span<float> place)
    {
        if (slot.Steps == 0)
        {
            TensorPrimitives.Add(place, vector, place);
        }
        else
        {
            vector.CopyTo(place);
        }
    }
}
