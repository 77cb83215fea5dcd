using Rectune.Core.Domain;
using Rectune.Core.Models;

namespace Rectune.Tests.Fakes;

/// <summary>
/// The DLRM forward pass written the slow, obvious way in double precision: the oracle for graph and kernels. Pairs are the lower triangle read row by row, as in
/// the architecture's paper (arXiv 1906.00091).
/// </summary>
internal static class SlowDlrm
{
    /// <param name="size">The architecture.</param>
    /// <param name="weights">Layers, bottom then top.</param>
    /// <param name="dense"><c>[dense features]</c> of one sample.</param>
    /// <param name="pooled"><c>[tables][dim]</c> of one sample.</param>
    public static double Score(ModelSize size, IReadOnlyList<LayerWeights> weights, ReadOnlySpan<float> dense, double[][] pooled)
    {
        var x = Array.ConvertAll(dense.ToArray(), value => (double)value);
        var bottom = size.BottomLayers.Count;
        for (var i = 0; i < bottom; i++)
        {
            x = Array.ConvertAll(Linear(weights[i], x), value => Math.Max(0, value));
        }

        var joined = new List<double>(x);
        if (size.Card.Interaction == InteractionKind.Dot)
        {
            double[][] vectors = [x, .. pooled];
            for (var i = 1; i < vectors.Length; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    joined.Add(vectors[i].Zip(vectors[j], (a, b) => a * b).Sum());
                }
            }
        }
        else
        {
            joined.AddRange(pooled.SelectMany(vector => vector));
        }

        x = [.. joined];
        for (var i = bottom; i < weights.Count; i++)
        {
            x = Linear(weights[i], x);
            x = i + 1 < weights.Count ? Array.ConvertAll(x, value => Math.Max(0, value)) : Array.ConvertAll(x, value => 1 / (1 + Math.Exp(-value)));
        }

        return x[0];
    }

    private static double[] Linear(LayerWeights layer, double[] x)
    {
        var y = new double[layer.Layer.Outputs];
        for (var o = 0; o < y.Length; o++)
        {
            y[o] = layer.Biases[o];
            for (var i = 0; i < x.Length; i++)
            {
                y[o] += (double)layer.Weights[(o * layer.Layer.Inputs) + i] * x[i];
            }
        }

        return y;
    }
}
