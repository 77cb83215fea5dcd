using Rectune.Core.Models;
using Rectune.Core.Representations;
using Rectune.Engine.Data;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>Evaluates a DHE for consecutive ids or any, some hundred at a time, in as many sessions as there are threads that ask for one table.</summary>
public sealed class RowEvaluator(ModelGraphs graphs) : IRowEvaluator, IDisposable
{
    private const int Chunk = DecodedGroup.LargestChunk;

    private readonly Lock handing = new();
    private readonly List<GraphSession> idle = [];
    private (EmbeddingDesign Design, int Slot)? current;

    public void Evaluate(EmbeddingDesign design, int slot, long firstId, Span<float> values)
    {
        ArgumentNullException.ThrowIfNull(design);
        var session = Take(design, slot);
        try
        {
            var run = Run(session, design, slot);
            var dim = design.Layout.Slots[slot].Dim;
            Span<int> ids = stackalloc int[Chunk];
            for (var rows = values.Length / dim; rows > 0; rows -= Chunk)
            {
                var count = Math.Min(Chunk, rows);
                for (var i = 0; i < count; i++)
                {
                    ids[i] = checked((int)firstId++);
                }

                run.Evaluate(ids[..count], values);
                values = values[(count * dim)..];
            }
        }
        finally
        {
            Return(session, design, slot);
        }
    }

    /// <param name="slot">Index in <see cref="EmbeddingDesign.Sources"/>, of a source that is hashed or was computed from one that is.</param>
    /// <param name="ids"><c>[ids]</c></param>
    /// <param name="values"><c>[ids, dim]</c></param>
    public void Evaluate(EmbeddingDesign design, int slot, ReadOnlySpan<int> ids, Span<float> values)
    {
        ArgumentNullException.ThrowIfNull(design);
        var session = Take(design, slot);
        try
        {
            var run = Run(session, design, slot);
            while (ids.Length > 0)
            {
                var count = Math.Min(Chunk, ids.Length);
                run.Evaluate(ids[..count], values);
                ids = ids[count..];
                values = values[(count * design.Layout.Slots[slot].Dim)..];
            }
        }
        finally
        {
            Return(session, design, slot);
        }
    }

    public void Dispose()
    {
        lock (handing)
        {
            Clear();
        }
    }

    private OneTable Run(GraphSession session, EmbeddingDesign design, int slot)
    {
        var hashes = design.Learned.Sources[slot].Hashes!;
        return new OneTable(session, graphs.Hashes(hashes), hashes.Encoding, design.Layout.Slots[slot].Dim);
    }

    /// <summary>An idle session, or a new one; those of another table are let go, since tables are written one after another and each has a decoder of its own.</summary>
    private GraphSession Take(EmbeddingDesign design, int slot)
    {
        lock (handing)
        {
            if (current != (design, slot))
            {
                Clear();
                current = (design, slot);
            }
            else if (idle.Count > 0)
            {
                var session = idle[^1];
                idle.RemoveAt(idle.Count - 1);
                return session;
            }
        }

        return graphs.LoadDecoder(design.Learned, new DecodedGroup([slot], Hashed: true, IdsPerSample: 1), Chunk, InstanceSetup.Caller);
    }

    private void Return(GraphSession session, EmbeddingDesign design, int slot)
    {
        lock (handing)
        {
            if (current == (design, slot))
            {
                idle.Add(session);
                return;
            }
        }

        session.Dispose();
    }

    private void Clear()
    {
        idle.ForEach(session => session.Dispose());
        idle.Clear();
        current = null;
    }

    /// <summary>Up to a chunk of ids of one table at a time.</summary>
    private sealed class OneTable(GraphSession session, DheHashes hashes, DheEncoding encoding, int dim)
    {
        private readonly DheEncoder encoder = new();

        public void Evaluate(ReadOnlySpan<int> ids, Span<float> values)
        {
            encoder.Encode(hashes, encoding, ids, session.Input(0));
            session.Run(ids.Length);
            session.Output(0)[..(ids.Length * dim)].CopyTo(values);
        }
    }
}
