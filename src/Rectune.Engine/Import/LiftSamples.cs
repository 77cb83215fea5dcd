using Rectune.Core.Numerics;
using Rectune.Core.Onnx;

namespace Rectune.Engine.Import;

/// <summary>Random inputs of a user's model. The first sample names the first row of every table, the second the last one.</summary>
internal sealed class LiftSamples
{
    /// <summary>Integers of unknown meaning are drawn below this.</summary>
    private const long SmallIntegers = 10;

    private readonly Dictionary<string, long[]> ids = new(StringComparer.Ordinal);

    public LiftSamples(LiftedModel model, int count, ulong seed)
    {
        Count = count;
        var random = new SplitMix64(seed);
        foreach (var (input, width) in model.IdInputs)
        {
            var drawn = new long[count * width];
            for (var i = 0; i < drawn.Length; i++)
            {
                drawn[i] = Id(i / width, Rows(model, input, i % width), ref random);
            }

            ids[input] = drawn;
        }

        Dense = new float[count * model.DenseWidth];
        for (var sample = 0; sample < count; sample++)
        {
            foreach (var input in model.DenseInputs)
            {
                foreach (ref var value in Dense.AsSpan((sample * model.DenseWidth) + input.Offset, input.Width))
                {
                    value = input.Rows is { } rows ? Id(sample, rows, ref random)
                        : input.IsInteger ? random.NextInt64(SmallIntegers)
                        : (float)random.NextNormal();
                }
            }
        }
    }

    public int Count { get; }

    /// <summary><c>[samples, W]</c>.</summary>
    public float[] Dense { get; }

    /// <summary><c>[samples, ids of the input]</c> of an input that feeds lifted lookups.</summary>
    public ReadOnlySpan<long> Ids(string input) => ids[input];

    /// <summary><c>[samples, P]</c>: every row fetched by itself, and added to the others of its bag where there is one.</summary>
    public float[] Pooled(OnnxModelFile model)
    {
        var width = model.Lifted.PooledWidth;
        var pooled = new float[Count * width];
        foreach (var feature in model.Lifted.Features)
        {
            var row = new float[feature.Dim];
            for (var i = 0; i < Count * feature.Ids; i++)
            {
                var (sample, step) = Math.DivRem(i, feature.Ids);
                model.ReadRows(feature.Table, ids[feature.Input][(sample * model.Lifted.IdInputs[feature.Input]) + feature.FirstId + step], row);
                var at = pooled.AsSpan((sample * width) + feature.Offset + (feature.IsPooled ? 0 : step * feature.Dim), feature.Dim);
                for (var d = 0; d < row.Length; d++)
                {
                    at[d] += row[d];
                }
            }
        }

        return pooled;
    }

    /// <summary>The fewest rows among the tables that one id of an input is looked up in; 1 when nothing needs it.</summary>
    private static long Rows(LiftedModel model, string input, int id) => model.Features
        .Where(feature => feature.Input == input && id >= feature.FirstId && id < feature.FirstId + feature.Ids)
        .Select(feature => feature.Rows).DefaultIfEmpty(1).Min();

    private static long Id(int sample, long rows, ref SplitMix64 random) => sample switch
    {
        0 => 0,
        1 => rows - 1,
        _ => random.NextInt64(rows),
    };
}
