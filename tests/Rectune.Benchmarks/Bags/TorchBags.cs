using System.Runtime.InteropServices;
using Newtonsoft.Json.Linq;
using Rectune.Engine.Kernels;

namespace Rectune.Benchmarks.Bags;

/// <summary>The same bags in PyTorch: one <c>nn.EmbeddingBag(mode="sum")</c> a table in fp32, with the same rows and the same ids.</summary>
internal sealed class TorchBags : IDisposable
{
    private readonly BagsWorkload workload;
    private readonly PythonProcess torch;
    private readonly string folder = Directory.CreateTempSubdirectory("rectune-bags").FullName;

    /// <param name="tables">The workload's tables in fp32; one at a time goes through a file.</param>
    /// <param name="hugePages">Asks for huge pages under PyTorch's tables, which its allocator does not do by itself.</param>
    public TorchBags(BagsWorkload workload, EmbeddingTables tables, int threads, bool hugePages)
    {
        this.workload = workload;
        torch = new PythonProcess("bags_torch.py", threads, PythonProcess.Torch);
        var begun = torch.Ask(new { cmd = "begin", threads, lookups = workload.Lookups, huge = hugePages });
        Description = $"PyTorch {begun["torch"]!.Value<string>()}, {begun["threads"]!.Value<int>()} thread(s), "
            + $"{(begun["fbgemm"]!.Value<bool>() ? "with" : "without")} FBGEMM, tables on {(hugePages ? "huge pages" : "the pages that its allocator gives")}";
        for (var table = 0; table < tables.Count; table++)
        {
            var file = WriteTable(tables, table);
            torch.Ask(new { cmd = "table", rows = workload.Rows, dim = workload.Dim, file });
            File.Delete(file);
        }

        torch.Ask(new { cmd = "indices", file = WriteIndices() });
    }

    /// <summary>Version and settings, for the report.</summary>
    public string Description { get; }

    /// <summary><c>[batch, tables, dim]</c>: the sums of the pool's first batch.</summary>
    public float[] FirstBatch()
    {
        var file = Path.Combine(folder, "pooled.f32");
        torch.Ask(new { cmd = "pool", batch = workload.Batch, file });
        return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file)).ToArray();
    }

    /// <summary>Rows a second of the median batch, pooled over and over for <paramref name="limit"/>.</summary>
    public double RowsPerSecond(TimeSpan limit)
    {
        var us = torch.Ask(new { cmd = "time", batch = workload.Batch, seconds = limit.TotalSeconds })["us"]!.Values<double>();
        return workload.RowsPerBatch / (Report.Median(us) * 1e-6);
    }

    public void Dispose()
    {
        torch.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private string WriteTable(EmbeddingTables tables, int table)
    {
        var file = Path.Combine(folder, "table.f32");
        using var stream = File.Create(file);
        var row = new float[workload.Dim];
        for (var i = 0; i < workload.Rows; i++)
        {
            tables.ReadRow(table, i, row);
            stream.Write(MemoryMarshal.AsBytes<float>(row));
        }

        return file;
    }

    private string WriteIndices()
    {
        var file = Path.Combine(folder, "indices.i64");
        using var stream = File.Create(file);
        foreach (var column in workload.Pool.Columns)
        {
            stream.Write(MemoryMarshal.AsBytes<long>(Array.ConvertAll(column.Ids, id => (long)id)));
        }

        return file;
    }
}
