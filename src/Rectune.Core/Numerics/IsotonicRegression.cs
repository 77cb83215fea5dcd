namespace Rectune.Core.Numerics;

/// <summary>Closest non-decreasing sequence in least squares, by pooling adjacent violators (Barlow et al., Statistical Inference under Order Restrictions, 1972).</summary>
public static class IsotonicRegression
{
    /// <summary>Replaces <paramref name="values"/> by the fit; an already non-decreasing sequence is left untouched.</summary>
    public static void Fit(Span<double> values)
    {
        var means = new double[values.Length];
        var lengths = new int[values.Length];
        var blocks = 0;
        foreach (var value in values)
        {
            means[blocks] = value;
            lengths[blocks] = 1;
            while (blocks > 0 && means[blocks - 1] > means[blocks])
            {
                var length = lengths[blocks - 1] + lengths[blocks];
                means[blocks - 1] = ((means[blocks - 1] * lengths[blocks - 1]) + (means[blocks] * lengths[blocks])) / length;
                lengths[blocks - 1] = length;
                blocks--;
            }

            blocks++;
        }

        var at = 0;
        for (var b = 0; b < blocks; b++)
        {
            values.Slice(at, lengths[b]).Fill(means[b]);
            at += lengths[b];
        }
    }
}
