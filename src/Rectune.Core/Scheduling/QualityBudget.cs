namespace Rectune.Core.Scheduling;

/// <summary>
/// Keeps the traffic-weighted quality at or above a floor: samples answered above it earn what those below it spend. What can be earned ahead is bounded, so that a quiet night does not pay for
/// a whole day below the floor.
/// </summary>
internal sealed class QualityBudget
{
    /// <summary>Samples at the best quality whose surplus can be kept.</summary>
    private const double MostSamples = 100_000;

    private readonly double floor;
    private readonly double worst;
    private readonly double most;
    private double earned;

    /// <param name="floor">Least mean quality over all samples.</param>
    /// <param name="worst">Quality of the worst path.</param>
    /// <param name="best">Quality of the best path.</param>
    public QualityBudget(double floor, double worst, double best)
    {
        (this.floor, this.worst) = (floor, worst);
        most = MostSamples * Math.Max(0, best - floor);
    }

    /// <summary>Whether so many samples may be answered at this quality now.</summary>
    public bool Allows(double quality, long samples) => quality >= floor || earned >= samples * (floor - quality);

    /// <summary>The same at any path's quality.</summary>
    public bool AllowsAny(long samples) => Allows(worst, samples);

    public void Answered(double quality, int samples) => earned = Math.Min(most, earned + (samples * (quality - floor)));
}
