using Rectune.Core.Representations;
using Rectune.Engine.Data;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>Evaluates a DHE for consecutive ids, some hundred at a time, in as many sessions as there are threads that ask for one table.</summary>
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
            Evaluate(session, design, slot, firstId, values);
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

    private void Evaluate(GraphSession session, EmbeddingDesign design, int slot, long firstId, Span<float> values)
    {
        var hashes = design.Learned.Sources[slot].Hashes!;
        var encoder = new DheEncoder();
        var functions = graphs.Hashes(hashes);
        var dim = design.Layout.Slots[slot].Dim;
        Span<int> ids = stackalloc int[Chunk];
        for (var rows = values.Length / dim; rows > 0; rows -= Chunk)
        {
            var count = Math.Min(Chunk, rows);
            for (var i = 0; i < count; i++)
            {
                ids[i] = checked((int)firstId++);
            }

            encoder.Encode(functions, hashes.Encoding, ids[..count], session.Input(0));
            session.Run(count);
            session.Output(0)[..(count * dim)].CopyTo(values);
            values = values[(count * dim)..];
        }
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
}
