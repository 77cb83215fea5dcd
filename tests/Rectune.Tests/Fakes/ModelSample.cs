using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Tests.Fakes;

/// <summary>What one sample brings to a model's dense part.</summary>
/// <param name="Dense"><c>[dense features]</c></param>
/// <param name="Rows"><c>[feature][row][dim]</c>: the rows of its bags and the steps of its sequences.</param>
internal sealed record ModelSample(float[] Dense, double[][][] Rows)
{
    /// <summary>
    /// Seeded samples: bags of any size from none to the card's, histories that are empty (sample 0), full (sample 1), of one step (sample 2) and of any length after that.
    /// </summary>
    public static ModelSample[] Draw(ModelCard card, int count, ulong seed) => [.. Enumerable.Range(0, count).Select(sample =>
    {
        var random = SplitMix64.For(seed, (ulong)sample);
        var full = card.Sparse.FirstOrDefault(f => f.Sequence)?.Lookups ?? 0;
        var steps = sample switch
        {
            0 => 0,
            1 => full,
            2 => 1,
            _ => (int)random.NextInt64(full + 1),
        };
        var rows = card.Sparse.Select(f => Vectors(f.Sequence ? steps : f.Lookups == 1 ? 1 : (int)random.NextInt64(f.Lookups + 1), f.Dim, ref random)).ToArray();
        var dense = Vectors(1, card.DenseFeatures, ref random)[0];
        return new ModelSample(Array.ConvertAll(dense, value => (float)value), rows);
    })];

    /// <summary>The row of the <c>pooled</c> input: bags summed and sequences filled with zeros, in the card's order, then the number of steps in use.</summary>
    public float[] Pooled(ModelCard card)
    {
        var row = new List<double>();
        for (var i = 0; i < card.Sparse.Count; i++)
        {
            var feature = card.Sparse[i];
            row.AddRange(feature.Sequence
                ? [.. Rows[i].SelectMany(vector => vector), .. new double[(feature.Lookups - Rows[i].Length) * feature.Dim]]
                : Enumerable.Range(0, feature.Dim).Select(d => Rows[i].Sum(vector => vector[d])));
        }

        if (card.Sparse.ToList().FindIndex(f => f.Sequence) is var sequence && sequence >= 0)
        {
            row.Add(Rows[sequence].Length);
        }

        return [.. row.Select(value => (float)value)];
    }

    private static double[][] Vectors(int count, int width, ref SplitMix64 random)
    {
        var vectors = new double[count][];
        for (var i = 0; i < count; i++)
        {
            vectors[i] = new double[width];
            for (var d = 0; d < width; d++)
            {
                vectors[i][d] = (float)random.NextNormal();
            }
        }

        return vectors;
    }
}
