using System.Runtime.InteropServices;
using Newtonsoft.Json.Linq;
using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Representations;
using Rectune.Engine.Data;
using Rectune.Engine.Sessions;

namespace Rectune.Benchmarks;

/// <summary>Temporary files through which both halves of a comparison see the same weights and candidates; removed at the end.</summary>
internal sealed class ExchangeFiles : IDisposable
{
    private const int Checked = 1024;

    private readonly string folder = Directory.CreateTempSubdirectory("rectune-pytorch").FullName;

    public ExchangeFiles(ModelCard card, FeatureBatch pool, ulong seed)
    {
        var parameters = new ParameterRecorder(new RandomParameters(seed));
        ModelGraph.Build(new VectorLayout(card), GraphVariants.Default, new GraphBuilder(parameters));
        using (var stream = File.Create(Weights))
        {
            foreach (var values in parameters.Values)
            {
                stream.Write(MemoryMarshal.AsBytes<float>(values));
            }
        }

        using (var stream = File.Create(Indices))
        {
            foreach (var column in pool.Columns)
            {
                stream.Write(MemoryMarshal.AsBytes<long>(Array.ConvertAll(column.Ids, id => (long)id)));
            }
        }
    }

    public string Weights => Path.Combine(folder, "weights.f32");

    public string Indices => Path.Combine(folder, "indices.i64");

    /// <summary>Largest difference between the scores of both halves for the same dense features and the same embedding rows.</summary>
    public double MaxScoreError(PyTorchProcess torch, PathInstance instance, TableStore tables, ModelCard card, FeatureBatch pool)
    {
        var count = Math.Min(Checked, instance.MaxBatch);
        var dense = Path.Combine(folder, "dense.f32");
        var pooled = Path.Combine(folder, "pooled.f32");
        using (var stream = File.Create(dense))
        {
            stream.Write(MemoryMarshal.AsBytes(pool.Dense.AsSpan(0, count * card.DenseFeatures)));
        }

        using (var stream = File.Create(pooled))
        {
            var row = new float[card.Sparse[0].Dim];
            var design = RepresentationCatalog.Design(card, Representation.Table);
            for (var sample = 0; sample < count; sample++)
            {
                for (var table = 0; table < card.Sparse.Count; table++)
                {
                    tables.Values.Read(design.Sources[table].Stored[0], pool.Columns[table].Ids[sample], row);
                    stream.Write(MemoryMarshal.AsBytes<float>(row));
                }
            }
        }

        var expected = torch.Ask(new { cmd = "check", batch = count, dense, pooled })["scores"]!.Values<float>().ToArray();
        instance.Begin();
        instance.Add(pool, 0, count);
        instance.Pool();
        instance.Score();
        var largest = 0.0;
        for (var i = 0; i < count; i++)
        {
            largest = Math.Max(largest, Math.Abs((double)instance.Scores[i] - expected[i]));
        }

        return largest;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
