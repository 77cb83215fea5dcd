using System.Numerics.Tensors;
using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Representations;
using Rectune.Engine.Data;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>
/// Decodes the vectors of a group for one instance: ids of all its features are hashed or looked up, decoded together some hundred at a time, and summed into their bags or
/// put in their steps. Allocates nothing after construction; not safe for concurrent use.
/// </summary>
internal sealed class VectorDecoding : IVectorDecoding
{
    private readonly EmbeddingDesign design;
    private readonly DecodedGroup group;
    private readonly GraphSession session;
    private readonly Action<int> fill;
    private readonly BagPosition[] positions;

    /// <summary><c>[slots][chunk]</c>: the ids under way; behind a feature's last id stand zeros, whose vectors nobody reads.</summary>
    private readonly int[][] ids;

    private readonly int[] taken;

    /// <param name="tables">Rows that enter the decoder, one column a slot; null where ids are hashed, or rows are to be read one by one.</param>
    /// <param name="setup">Of the decoder.</param>
    /// <param name="team">Threads that hash and look up, not owned; null where the caller's does.</param>
    /// <param name="values">Where rows are read without tables.</param>
    public VectorDecoding(
        ModelGraphs graphs,
        EmbeddingDesign design,
        DecodedGroup group,
        EmbeddingTables? tables,
        int maxBatch,
        InstanceSetup setup,
        ThreadTeam? team,
        IRowValues? values = null)
    {
        this.design = design;
        this.group = group;
        var chunk = (int)Math.Min(DecodedGroup.LargestChunk, (long)maxBatch * group.IdsPerSample);
        positions = new BagPosition[group.Slots.Count];
        taken = new int[group.Slots.Count];
        ids = new int[group.Slots.Count][];
        for (var j = 0; j < ids.Length; j++)
        {
            ids[j] = new int[chunk];
        }

        session = graphs.LoadDecoder(design, group, chunk, setup);
        fill = group.Hashed ? Hashing(graphs, team) : tables is not null ? LookingUp(tables, chunk, team!) : Reading(values!);
    }

    public CacheUse CacheUse => default;

    public void Decode(FeatureBatch source, int start, int count, Span<float> destination)
    {
        var longest = 0;
        for (var j = 0; j < positions.Length; j++)
        {
            var slot = design.Layout.Slots[group.Slots[j]];
            positions[j] = new BagPosition(source, slot.Feature, start, count);
            longest = Math.Max(longest, positions[j].Remaining);
            Clear(slot, count, destination);
        }

        for (var done = 0; done < longest; done += session.MaxRows)
        {
            var rows = Math.Min(session.MaxRows, longest - done);
            for (var j = 0; j < positions.Length; j++)
            {
                var next = positions[j].Peek(rows);
                next.CopyTo(ids[j]);
                ids[j].AsSpan(next.Length, rows - next.Length).Clear();
                taken[j] = next.Length;
            }

            fill(rows);
            session.Run(rows);
            for (var j = 0; j < positions.Length; j++)
            {
                Place(j, destination);
            }
        }
    }

    public void Dispose() => session.Dispose();

    private void Clear(VectorSlot slot, int count, Span<float> destination)
    {
        for (var sample = 0; sample < count; sample++)
        {
            destination.Slice((sample * design.Layout.Width) + slot.Column, slot.Elements).Clear();
        }
    }

    private void Place(int j, Span<float> destination)
    {
        var slot = design.Layout.Slots[group.Slots[j]];
        var vectors = session.Output(j);
        ref var position = ref positions[j];
        for (var i = 0; i < taken[j]; i++)
        {
            var (sample, step) = position.Take();
            var vector = vectors.Slice(i * slot.Dim, slot.Dim);
            var at = (sample * design.Layout.Width) + slot.Column;
            if (slot.Steps == 0)
            {
                var sum = destination.Slice(at, slot.Dim);
                TensorPrimitives.Add(sum, vector, sum);
            }
            else if (step < slot.Steps)
            {
                vector.CopyTo(destination[(at + (step * slot.Dim))..]);
            }
        }
    }

    private Action<int> Hashing(ModelGraphs graphs, ThreadTeam? team)
    {
        var hashing = new HashingPieces([.. group.Slots.Select(slot => design.Sources[slot].Hashes!)], graphs, ids, session);
        return team is null ? hashing.RunAll : rows => team.Run(hashing, hashing.Cut(rows));
    }

    private Action<int> LookingUp(EmbeddingTables tables, int chunk, ThreadTeam team)
    {
        var pooling = new PoolingTeam(new PooledEmbeddings(), team);
        var batch = new FeatureBatch(chunk, [], Array.ConvertAll(ids, column => new SparseColumn(column, null)));
        return rows => pooling.Pool(tables, batch, 0, rows, session.Input(0));
    }

    private Action<int> Reading(IRowValues values)
    {
        var stored = group.Slots.SelectMany((slot, j) => design.Sources[slot].Stored.Select(rows => (Column: j, Rows: rows))).ToArray();
        return rows =>
        {
            var input = session.Input(0);
            for (var i = 0; i < rows; i++)
            {
                foreach (var (column, table) in stored)
                {
                    values.Read(table, table.RowOf(ids[column][i]), input[..table.Dim]);
                    input = input[table.Dim..];
                }
            }
        };
    }
}
