using Rectune.Engine.Limits;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Benchmarks.Models;

/// <summary>Rows that the machine can fetch for a model, whatever is then done with them.</summary>
/// <param name="RowsPerSample">Rows that a sample looks up.</param>
/// <param name="RowBytes">Bytes of a row, the mean over look-ups.</param>
/// <param name="RowsPerSecond">By threads: uniformly random rows of that size among as many bytes as the model's tables have.</param>
internal sealed record FetchLimit(int RowsPerSample, int RowBytes, IReadOnlyDictionary<int, double> RowsPerSecond)
{
    private const int Fetched = 1 << 22;

    private const ulong Seed = 1;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public static FetchLimit Of(ModelCard card, IReadOnlyList<int> threads)
    {
        var rowsPerSample = card.Sparse.Sum(feature => feature.Lookups);
        var rowBytes = sizeof(float) * card.Sparse.Sum(feature => feature.Lookups * feature.Dim) / rowsPerSample;
        var bytes = card.Sparse.Sum(feature => feature.Rows * feature.Dim * sizeof(float));
        var random = new SplitMix64(Seed);
        var rows = new int[Fetched];
        foreach (ref var row in rows.AsSpan())
        {
            row = (int)random.NextInt64(bytes / rowBytes);
        }

        return new FetchLimit(rowsPerSample, rowBytes, threads.ToDictionary(count => count, count =>
        {
            using var team = new LockstepThreads(count);
            using var gather = new GatherLimit(bytes, team, TimeProvider.System);
            return gather.Best(rowBytes, rows, Limit).RowsPerSecond;
        }));
    }
}
