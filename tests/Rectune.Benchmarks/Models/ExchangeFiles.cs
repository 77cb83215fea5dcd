using System.Runtime.InteropServices;
using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Onnx;

namespace Rectune.Benchmarks.Models;

/// <summary>Temporary files through which both halves of a comparison see the same weights and candidates; removed at the end.</summary>
internal sealed class ExchangeFiles : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rectune-pytorch").FullName;

    public ExchangeFiles(ModelCard card, FeatureBatch pool, ulong seed)
    {
        // The form of the source asks for every parameter under its own name.
        var recorder = new ParameterRecorder(new RandomParameters(seed));
        DenseGraph.Write(new VectorLayout(card), recorder, ModelGraph.Variants(card)[^1]);
        var parameters = new List<object>();
        var offset = 0L;
        using (var stream = File.Create(Weights))
        {
            foreach (var (shape, values) in recorder.Recorded)
            {
                parameters.Add(new { name = shape.Name, extents = shape.Extents, offset });
                offset += values.Length;
                stream.Write(MemoryMarshal.AsBytes<float>(values));
            }
        }

        Parameters = parameters;
        using (var stream = File.Create(Indices))
        {
            foreach (var column in pool.Columns)
            {
                stream.Write(MemoryMarshal.AsBytes<long>(Array.ConvertAll(column.Ids, id => (long)id)));
            }
        }

        Write(Dense, pool.Dense);
    }

    /// <summary>Name, extents and offset in elements of every parameter in <see cref="Weights"/>.</summary>
    public IReadOnlyList<object> Parameters { get; }

    public string Weights => Path.Combine(folder, "weights.f32");

    /// <summary><c>[tables, samples · lookups]</c></summary>
    public string Indices => Path.Combine(folder, "indices.i64");

    /// <summary><c>[samples, dense features]</c></summary>
    public string Dense => Path.Combine(folder, "dense.f32");

    /// <summary>Writes sums of rows, <c>[samples, sum of dims]</c>.</summary>
    public string WritePooled(float[] vectors)
    {
        var file = Path.Combine(folder, "pooled.f32");
        Write(file, vectors);
        return file;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static void Write(string file, float[] values)
    {
        using var stream = File.Create(file);
        stream.Write(MemoryMarshal.AsBytes<float>(values));
    }
}
