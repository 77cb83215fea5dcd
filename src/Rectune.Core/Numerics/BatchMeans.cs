namespace Rectune.Core.Numerics;

/// <summary>
/// Mean of a correlated series with a standard error that knows of the correlation: the series is cut into contiguous batches, long against the correlation, whose
/// means are nearly independent (Law, Simulation Modeling and Analysis, section 9.5.3).
/// </summary>
public readonly record struct BatchMeans(int Batches, double Mean, double StandardError)
{
    /// <param name="values">In order of time.</param>
    /// <param name="batches">At least 2; near-equal in length.</param>
    public static BatchMeans Of(ReadOnlySpan<double> values, int batches)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batches, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, batches, nameof(values));
        double total = 0, sum = 0, squares = 0;
        var start = 0;
        for (var b = 1; b <= batches; b++)
        {
            var end = (int)((long)values.Length * b / batches);
            double batch = 0;
            for (var i = start; i < end; i++)
            {
                batch += values[i];
            }

            total += batch;
            batch /= end - start;
            sum += batch;
            squares += batch * batch;
            start = end;
        }

        var variance = Math.Max(0, (squares - (sum * sum / batches)) / (batches - 1));
        return new BatchMeans(batches, total / values.Length, Math.Sqrt(variance / batches));
    }
}
