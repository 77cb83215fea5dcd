namespace Rectune.Core.Workloads;

/// <summary>Coefficient of variation of the gaps between arrivals, over any number of schedules: 1 for Poisson arrivals, 0 for even ones.</summary>
public sealed class GapVariation
{
    private long gaps;
    private double mean;

    /// <summary>Σ (gap − mean)², updated gap by gap (Welford, Technometrics 4(3), 1962).</summary>
    private double squares;

    /// <summary>Null for fewer than two gaps, or where all are zero.</summary>
    public double? Value => gaps < 2 || mean <= 0 ? null : Math.Sqrt(squares / gaps) / mean;

    /// <param name="instantsNs">Instants of one schedule, never falling, nanoseconds.</param>
    public void Add(ReadOnlySpan<long> instantsNs)
    {
        for (var i = 1; i < instantsNs.Length; i++)
        {
            double gap = instantsNs[i] - instantsNs[i - 1];
            var off = gap - mean;
            mean += off / ++gaps;
            squares += off * (gap - mean);
        }
    }
}
