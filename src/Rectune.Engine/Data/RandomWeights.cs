using Rectune.Core.Numerics;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Data;

/// <summary>
/// Seeded table weights, uniform on ±√(1 / rows) as the DeepRecSys benchmark initialises its tables. Element k of a row is
/// (n · 2⁻²³ − 1) · √(1 / rows), where n is 24 bits of draw ⌊k / 2⌋ of a SplitMix64 stream that starts at the row's own key: the top 24 bits for even
/// k, the 24 below for odd k. Every row stands alone, so threads and precision do not change what is drawn.
/// </summary>
public static class RandomWeights
{
    private const ulong WeightStream = 0x77656967687473;
    private const float Resolution = 1f / (1 << 23);

    /// <summary>Writes all rows of <paramref name="tables"/> on <paramref name="threads"/> threads.</summary>
    /// <param name="progress">Told the share done, from any thread but never from two at once.</param>
    /// <exception cref="OperationCanceledException">Cancelled: the tables are not to be used.</exception>
    public static void Fill(EmbeddingTables tables, ulong seed, int threads, IProgress<double>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(tables);
        var keys = new ulong[tables.Count];
        var limits = new float[tables.Count];
        for (var table = 0; table < keys.Length; table++)
        {
            keys[table] = SplitMix64.For(seed, WeightStream, (ulong)table).NextUInt64();
            limits[table] = (float)Math.Sqrt(1.0 / tables.RowsOf(table));
        }

        tables.Fill(
            (table, firstRow, values) => FillRows(keys[table], limits[table], tables.DimOf(table), firstRow, values), threads, progress, cancellation);
    }

    /// <summary>The values of one row before any quantisation.</summary>
    /// <param name="rows">Rows of the table.</param>
    /// <param name="destination"><c>[dim]</c></param>
    public static void Row(ulong seed, int table, long rows, long row, Span<float> destination)
    {
        var key = SplitMix64.For(seed, WeightStream, (ulong)table).NextUInt64();
        FillRows(key, (float)Math.Sqrt(1.0 / rows), destination.Length, row, destination);
    }

    private static void FillRows(ulong tableKey, float limit, int dim, long row, Span<float> values)
    {
        for (; !values.IsEmpty; values = values[dim..], row++)
        {
            var generator = new SplitMix64(SplitMix64.Mix(tableKey + (ulong)row));
            var target = values[..dim];
            var k = 0;
            for (; k + 1 < target.Length; k += 2)
            {
                var bits = generator.NextUInt64();
                target[k] = Scale(bits >> 40, limit);
                target[k + 1] = Scale((bits >> 16) & 0xFFFFFF, limit);
            }

            if (k < target.Length)
            {
                target[k] = Scale(generator.NextUInt64() >> 40, limit);
            }
        }
    }

    /// <summary>24 bits onto [−limit, limit); exact up to the last multiplication.</summary>
    private static float Scale(ulong bits, float limit) => (((int)bits * Resolution) - 1) * limit;
}
