using System.Collections.Concurrent;
using Rectune.Core.Numerics;
using Rectune.Core.Representations;

namespace Rectune.Engine.Data;

/// <summary>
/// Seeded rows, uniform on ±limit. Element k of a row is (n · 2⁻²³ − 1) · limit, where n is 24 bits of draw ⌊k / 2⌋ of a SplitMix64 stream that starts at the row's
/// own key: the top 24 bits for even k, the 24 below for odd k. Every row stands alone and a table goes by its name, so threads, precision and the other tables do not
/// change what is drawn.
/// </summary>
public sealed class RandomRows(ulong seed) : IRowValues
{
    private const ulong WeightStream = 0x77656967687473;
    private const float Resolution = 1f / (1 << 23);

    private readonly ConcurrentDictionary<string, ulong> keys = new(StringComparer.Ordinal);

    public void Read(StoredRows stored, long firstRow, Span<float> values)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var key = keys.GetOrAdd(stored.Name, name => SplitMix64.For(seed, WeightStream, StableHash.Of(name)).NextUInt64());
        var limit = (float)stored.Limit;
        for (var row = firstRow; !values.IsEmpty; values = values[stored.Dim..], row++)
        {
            var generator = new SplitMix64(SplitMix64.Mix(key + (ulong)row));
            var target = values[..stored.Dim];
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
