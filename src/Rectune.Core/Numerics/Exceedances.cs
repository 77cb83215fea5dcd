namespace Rectune.Core.Numerics;

/// <summary>How often and how clustered a correlated series exceeds a threshold, from means of contiguous batches. <see cref="PromiseTest"/> has the reasoning.</summary>
internal readonly record struct Exceedances(int Count, int Hits, int Batches, double StandardError, double DesignEffect)
{
    public double Share => (double)Hits / Count;

    /// <param name="values">In order of time.</param>
    /// <param name="threshold">Values above it are hits.</param>
    /// <param name="batches">Contiguous batches.</param>
    public static Exceedances Over(ReadOnlySpan<double> values, double threshold, int batches)
    {
        var hits = 0;
        double sum = 0, squares = 0, products = 0, first = 0, last = 0;
        var start = 0;
        for (var b = 1; b <= batches; b++)
        {
            var end = (int)((long)values.Length * b / batches);
            var inBatch = 0;
            foreach (var value in values[start..end])
            {
                inBatch += value > threshold ? 1 : 0;
            }

            hits += inBatch;
            var mean = (double)inBatch / (end - start);
            sum += mean;
            squares += mean * mean;
            if (b == 1)
            {
                first = mean;
            }
            else
            {
                products += mean * last;
            }

            last = mean;
            start = end;
        }

        var effect = Numerics.DesignEffect.Of(values, threshold);
        var center = sum / batches;
        var spread = squares - (batches * center * center);
        if (spread <= 0)
        {
            return new Exceedances(values.Length, hits, batches, 0, effect);
        }

        // Sum over neighbours of (x − center)(y − center), multiplied out.
        var neighbours = products - (center * ((2 * sum) - first - last)) + ((batches - 1) * center * center);
        var hidden = 1 + (2 * Math.Max(0, neighbours / spread));
        return new Exceedances(values.Length, hits, batches, Math.Sqrt(spread / (batches - 1) / batches * hidden), effect);
    }

    /// <summary>Upper bound of the share, as if the same were seen <paramref name="growth"/> times as long.</summary>
    public double UpperBound(double error, double pooledDesignEffect, double growth = 1)
    {
        var effect = Math.Max(pooledDesignEffect, DesignEffect);
        var exact = ClopperPearson.Upper(Hits * growth / effect, Count * growth / effect, error);
        return Math.Min(1, Math.Max(exact, Share + HalfWidth(error, growth)));
    }

    /// <summary>Lower bound of the share, as if the same were seen <paramref name="growth"/> times as long.</summary>
    public double LowerBound(double error, double pooledDesignEffect, double growth = 1)
    {
        var effect = Math.Max(pooledDesignEffect, DesignEffect);
        var exact = ClopperPearson.Lower(Hits * growth / effect, Count * growth / effect, error);
        return Math.Max(0, Math.Min(exact, Share - HalfWidth(error, growth)));
    }

    private double HalfWidth(double error, double growth) => StudentT.Quantile(1 - error, Batches - 1) * StandardError / Math.Sqrt(growth);
}
