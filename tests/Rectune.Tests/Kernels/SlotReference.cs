using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Engine.Kernels;

namespace Rectune.Tests.Kernels;

/// <summary>Tables of every kind of slot, batches of every kind of column, and the look-up written out row by row.</summary>
internal static class SlotReference
{
    /// <summary>Held by every element that nothing writes.</summary>
    public const float Untouched = 12345;

    /// <summary>Ids run from 0 to this − 1.</summary>
    private const int Ids = 61;

    private static readonly int[] Dims = [1, 2, 3, 8, 16, 17, 33, 64];

    private static readonly (int Divisor, int Modulus)[] Rules = [(1, 0), (3, 0), (1, 7), (3, 5)];

    /// <summary>
    /// Every dim × steps × index rule; each third slot is read a second time through a slot that shares its rows. One element stays free between slots.
    /// </summary>
    public static EmbeddingTables Tables(TablePrecision precision)
    {
        var slots = new List<TableSlot>();
        var target = 1;
        foreach (var dim in Dims)
        {
            foreach (var steps in new[] { 0, 1, 5 })
            {
                foreach (var (divisor, modulus) in Rules)
                {
                    var rows = modulus > 0 ? modulus : (Ids + divisor - 1) / divisor;
                    Add(new TableSlot { Feature = slots.Count % 4, Rows = rows, Dim = dim, Steps = steps, Divisor = divisor, Modulus = modulus, Target = target });
                    if (slots.Count % 4 == 0)
                    {
                        Add(slots[^1] with { Feature = 3 - slots[^1].Feature, Steps = 2, Target = target, SharedWith = slots.Count - 1 });
                    }
                }
            }
        }

        var tables = new EmbeddingTables(slots, target, precision);
        tables.Fill(Noise, 1, null, CancellationToken.None);
        return tables;

        void Add(TableSlot slot)
        {
            slots.Add(slot);
            target += slot.Width + 1;
        }
    }

    /// <summary>Five columns, the last unused: one id a sample, five, ragged with empty bags, three.</summary>
    public static FeatureBatch Batch(int samples, ulong seed = 3)
    {
        var generator = new SplitMix64(seed);
        var offsets = new int[samples + 1];
        for (var sample = 0; sample < samples; sample++)
        {
            offsets[sample + 1] = offsets[sample] + (sample * 5 % 13);
        }

        return new FeatureBatch(samples, [],
        [
            new SparseColumn(Draw(ref generator, samples), null),
            new SparseColumn(Draw(ref generator, samples * 5), null),
            new SparseColumn(Draw(ref generator, offsets[^1]), offsets),
            new SparseColumn(Draw(ref generator, samples * 3), null),
            new SparseColumn([], offsets),
        ]);
    }

    /// <summary>Rows read with <see cref="EmbeddingTables.ReadRow"/> and summed in fp32 in the order of the ids, or stored in it.</summary>
    public static float[] LookUp(EmbeddingTables tables, FeatureBatch source, int start, int count)
    {
        var output = new float[count * tables.Width];
        Array.Fill(output, Untouched);
        for (var sample = 0; sample < count; sample++)
        {
            for (var table = 0; table < tables.Count; table++)
            {
                var slot = tables.Slots[table];
                var target = output.AsSpan((sample * tables.Width) + slot.Target, slot.Width);
                target.Clear();
                var row = new float[slot.Dim];
                var step = 0;
                foreach (var id in Bag(source, slot.Feature, start + sample))
                {
                    var quotient = id / slot.Divisor;
                    tables.ReadRow(table, slot.Modulus == 0 ? quotient : quotient % slot.Modulus, row);
                    if (slot.Steps == 0)
                    {
                        for (var element = 0; element < row.Length; element++)
                        {
                            target[element] += row[element];
                        }
                    }
                    else if (step < slot.Steps)
                    {
                        row.CopyTo(target[(step++ * slot.Dim)..]);
                    }
                }
            }
        }

        return output;
    }

    public static void Noise(int table, long firstRow, Span<float> values)
    {
        var generator = SplitMix64.For(5, (ulong)table, (ulong)firstRow);
        foreach (ref var value in values)
        {
            value = (float)((generator.NextDouble() * 2) - 1);
        }
    }

    private static ReadOnlySpan<int> Bag(FeatureBatch source, int feature, int sample)
    {
        var (ids, offsets) = source.Columns[feature];
        var size = ids.Length / source.Samples;
        return offsets is null ? ids.AsSpan(sample * size, size) : ids.AsSpan(offsets[sample]..offsets[sample + 1]);
    }

    private static int[] Draw(ref SplitMix64 generator, int count)
    {
        var ids = new int[count];
        foreach (ref var id in ids.AsSpan())
        {
            id = (int)generator.NextInt64(Ids);
        }

        return ids;
    }
}
