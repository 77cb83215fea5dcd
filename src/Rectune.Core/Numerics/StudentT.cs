namespace Rectune.Core.Numerics;

/// <summary>Student's t distribution.</summary>
public static class StudentT
{
    /// <summary>The value that a t variable with <paramref name="degreesOfFreedom"/> stays below with probability <paramref name="p"/>.</summary>
    public static double Quantile(double p, double degreesOfFreedom)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(p);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(p, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(degreesOfFreedom);
        return MathNet.Numerics.Distributions.StudentT.InvCDF(0, 1, degreesOfFreedom, p);
    }

    /// <summary>Two-sided interval of the expected value of independent, roughly normal <paramref name="values"/>; a single value has an infinite one.</summary>
    public static Interval MeanInterval(ReadOnlySpan<double> values, double confidence)
    {
        if (values.IsEmpty)
        {
            throw new ArgumentException("no values", nameof(values));
        }

        double sum = 0;
        foreach (var value in values)
        {
            sum += value;
        }

        var mean = sum / values.Length;
        if (values.Length == 1)
        {
            return new Interval(mean, double.NegativeInfinity, double.PositiveInfinity);
        }

        double squares = 0;
        foreach (var value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        var error = Math.Sqrt(squares / (values.Length - 1) / values.Length);
        var half = Quantile(0.5 + (confidence / 2), values.Length - 1) * error;
        return new Interval(mean, mean - half, mean + half);
    }
}
