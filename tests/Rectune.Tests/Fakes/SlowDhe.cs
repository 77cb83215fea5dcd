using Rectune.Core.Domain;
using Rectune.Core.Models;

namespace Rectune.Tests.Fakes;

/// <summary>Deep Hash Embedding of one id the slow way in double precision: hashes, encoding, layers, an explicit batch normalisation.</summary>
internal sealed class SlowDhe(IParameters parameters, int k, IReadOnlyList<int> hidden, bool gaussian = false, bool mish = false, bool normalized = false, int range = 1_000_000)
{
    public double[] Vector(SparseFeature feature, int id)
    {
        var table = feature.Table ?? feature.Name;
        return Decode(table, Encode(DheHashes.Draw(table, k, RepresentationRun.Seed, range), id), feature.Dim);
    }

    /// <summary><c>[k]</c> hashes encoded to <c>[dim]</c>.</summary>
    public double[] Decode(string table, double[] x, int dim)
    {
        var layers = new SlowLayers(parameters);
        for (var i = 0; i < hidden.Count; i++)
        {
            var name = $"{table}.decoder.{i}";
            var y = layers.Linear(name, x, hidden[i]);
            y = normalized ? Normalize(new LinearShape(name, x.Length, hidden[i]), y) : y;
            x = mish ? Array.ConvertAll(y, value => value * Math.Tanh(Math.Log(1 + Math.Exp(value)))) : SlowLayers.Relu(y);
        }

        return layers.Linear($"{table}.decoder.{hidden.Count}", x, dim);
    }

    private double[] Normalize(LinearShape shape, double[] y)
    {
        var (gamma, beta) = (parameters.Values(shape.Gamma), parameters.Values(shape.Beta));
        var (mean, variance) = (parameters.Values(shape.Mean), parameters.Values(shape.Variance));
        return [.. y.Select((value, i) => (gamma[i] * (value - mean[i]) / Math.Sqrt(variance[i] + 1e-5)) + beta[i])];
    }

    private double[] Encode(DheHashes hashes, int id)
    {
        var x = new double[k];
        for (var j = 0; j < k; j++)
        {
            x[j] = (2.0 * hashes.Hash(j, id) / (range - 1)) - 1;
        }

        for (var j = 0; gaussian && j < k; j += 2)
        {
            var (u1, u2) = ((hashes.Hash(j, id) + 1.0) / range, (hashes.Hash(j + 1, id) + 1.0) / range);
            x[j] = Math.Sqrt(-2 * Math.Log(u1)) * Math.Cos(2 * Math.PI * u2);
            x[j + 1] = Math.Sqrt(-2 * Math.Log(u1)) * Math.Sin(2 * Math.PI * u2);
        }

        return x;
    }
}
