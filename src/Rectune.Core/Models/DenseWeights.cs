using Rectune.Core.Numerics;

namespace Rectune.Core.Models;

/// <summary>
/// Seeded random parameters of the fully connected layers: weights N(0, 2/(in + out)), biases N(0, 1/out), variances in parentheses, as the DeepRecSys
/// benchmarks draw them. A layer depends on the seed and its own place only, so layers can be drawn in any order.
/// </summary>
public static class DenseWeights
{
    /// <summary>Keeps these streams apart from any other that is drawn from the same seed.</summary>
    private const ulong Purpose = 0x44656E7365;

    /// <summary>Parameters of every layer, bottom then top.</summary>
    public static IReadOnlyList<LayerWeights> Random(ModelSize size, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(size);
        var layers = size.Layers;
        var weights = new LayerWeights[layers.Count];
        for (var i = 0; i < layers.Count; i++)
        {
            weights[i] = Random(layers[i], seed, i);
        }

        return weights;
    }

    private static LayerWeights Random(DenseLayer layer, ulong seed, int index)
    {
        var random = SplitMix64.For(seed, Purpose, (ulong)index);
        var weights = new float[layer.Outputs * layer.Inputs];
        Fill(weights, Math.Sqrt(2.0 / (layer.Inputs + layer.Outputs)), ref random);
        var biases = new float[layer.Outputs];
        Fill(biases, Math.Sqrt(1.0 / layer.Outputs), ref random);
        return new LayerWeights(layer, weights, biases);
    }

    private static void Fill(Span<float> values, double deviation, ref SplitMix64 random)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(deviation * random.NextNormal());
        }
    }
}
