using Rectune.Core.Domain;
using Rectune.Core.Models;

namespace Rectune.Tests.Fakes;

/// <summary>
/// The DLRM forward pass written the slow, obvious way in double precision: the oracle for graph and kernels. Pairs are the lower triangle read row by row, as in
/// the architecture's paper (arXiv 1906.00091).
/// </summary>
internal static class SlowDlrm
{
    /// <param name="card">The architecture, with dot or concat interaction.</param>
    /// <param name="parameters">Weights and biases by name.</param>
    /// <param name="dense"><c>[dense features]</c> of one sample.</param>
    /// <param name="pooled"><c>[tables][dim]</c> of one sample.</param>
    /// <returns><c>[outputs]</c></returns>
    public static double[] Scores(ModelCard card, IParameters parameters, ReadOnlySpan<float> dense, double[][] pooled)
    {
        var x = Array.ConvertAll(dense.ToArray(), value => (double)value);
        for (var i = 0; i < card.BottomMlp.Count; i++)
        {
            x = Array.ConvertAll(Linear(parameters, $"bottom.{i}", card.BottomMlp[i], x), value => Math.Max(0, value));
        }

        var joined = new List<double>(x);
        if (card.Interaction == InteractionKind.Dot)
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
        for (var i = 0; i < card.TopMlp.Count; i++)
        {
            x = Linear(parameters, $"top.{i}", card.TopMlp[i], x);
            x = i + 1 < card.TopMlp.Count ? Array.ConvertAll(x, value => Math.Max(0, value)) : Array.ConvertAll(x, value => 1 / (1 + Math.Exp(-value)));
        }

        return x;
    }

    private static double[] Linear(IParameters parameters, string name, int outputs, double[] x)
    {
        var shape = new LinearShape(name, x.Length, outputs);
        var weights = parameters.Values(shape.Weight);
        var y = Array.ConvertAll(parameters.Values(shape.Bias), value => (double)value);
        for (var o = 0; o < outputs; o++)
        {
            for (var i = 0; i < x.Length; i++)
            {
                y[o] += (double)weights[(o * x.Length) + i] * x[i];
            }
        }

        return y;
    }
}
