using System.Collections.Concurrent;
using Rectune.Core.Domain;
using Rectune.Core.Representations;
using Rectune.Engine.Data;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>Evaluates a DHE for consecutive ids, some hundred at a time, in as many sessions as there are threads that ask.</summary>
public sealed class RowEvaluator(ModelGraphs graphs) : IRowEvaluator, IDisposable
{
    private const int Chunk = 256;

    private readonly ConcurrentDictionary<(EmbeddingDesign Design, int Slot), ConcurrentBag<GraphSession>> idle = new();

    public void Evaluate(EmbeddingDesign design, int slot, long firstId, Span<float> values)
    {
        ArgumentNullException.ThrowIfNull(design);
        var learned = graphs.Design(design.Representation with { Kind = "dhe" });
        var hashes = design.Sources[slot].Evaluated!.Hashes!;
        var sessions = idle.GetOrAdd((design, slot), _ => []);
        if (!sessions.TryTake(out var session))
        {
            session = graphs.LoadDecoder(learned, new DecodedGroup([slot], Hashed: true, IdsPerSample: 1), Chunk, threads: 1, new RuntimeOptions());
        }

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

        sessions.Add(session);
    }

    public void Dispose()
    {
        foreach (var session in idle.Values.SelectMany(bag => bag))
        {
            session.Dispose();
        }

        idle.Clear();
    }
}
