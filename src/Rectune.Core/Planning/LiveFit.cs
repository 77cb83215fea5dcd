using Rectune.Core.Domain;

namespace Rectune.Core.Planning;

/// <summary>
/// Corrects a service curve by what live load showed: all service times by one factor, which is seen best where queries are slow, and what a sleeping instance costs,
/// which is seen best where they are fast.
/// </summary>
public static class LiveFit
{
    private const double MostIdleStartUs = 5_000;

    private const double FirstIdleStartUs = 100;

    /// <summary>Either figure is found with the other as it is; so often is enough for both.</summary>
    private const int Rounds = 6;

    private const int Bisections = 9;

    /// <summary>Replications of a prediction that is compared, and of one on the way to it.</summary>
    private const int Closely = 10;
    private const int Roughly = 3;

    /// <summary>Part by which a corrected prediction may miss what was measured: beyond, the two figures are not of one path that is slower, but of a disturbance.</summary>
    private const double Tolerance = 0.1;

    /// <summary>The curve that predicts the measured percentiles; null where the prediction's own intervals meet the measured ones, too little was measured, or no correction explains both percentiles.</summary>
    /// <param name="curve">What the prediction was made with.</param>
    /// <param name="measured">Under live load.</param>
    /// <param name="predict">Latency at the same rate, from any curve and so many replications.</param>
    public static ServiceCurve? Of(ServiceCurve curve, Performance measured, Func<ServiceCurve, int, Performance> predict)
    {
        ArgumentNullException.ThrowIfNull(curve);
        ArgumentNullException.ThrowIfNull(measured);
        ArgumentNullException.ThrowIfNull(predict);
        if (measured is not { P50Ms: { } median, P95Ms: { } tail } || predict(curve, Closely) is not { P50Ms: { } expectedMedian, P95Ms: { } expectedTail })
        {
            return null;
        }

        if (Meet(median, expectedMedian) && Meet(tail, expectedTail))
        {
            return null;
        }

        var (factor, idleStartUs) = (curve.LiveFactor?.Value ?? 1, curve.IdleStartUs?.Value ?? FirstIdleStartUs);
        for (var round = 0; round < Rounds; round++)
        {
            factor = Solved(ServiceCurve.LeastLiveFactor, ServiceCurve.MostLiveFactor, at => Ratio(tail, Predicted(at, idleStartUs).P95Ms));
            idleStartUs = Solved(0, MostIdleStartUs, at => Ratio(median, Predicted(factor, at).P50Ms));
        }

        var fitted = With(factor, idleStartUs);
        var after = predict(fitted, Closely);
        return Explains(median, after.P50Ms) && Explains(tail, after.P95Ms) ? fitted : null;

        Performance Predicted(double times, double startUs) => predict(With(times, startUs), Roughly);

        ServiceCurve With(double times, double startUs) => curve with { LiveFactor = Found(Math.Round(times, 4)), IdleStartUs = Found(Math.Round(startUs, 1)) };

        static Estimate Found(double value) => new() { Value = value, Source = Provenance.Interpolated };
    }

    private static bool Meet(Estimate a, Estimate b) => (a.Low ?? a.Value) <= (b.High ?? b.Value) && (b.Low ?? b.Value) <= (a.High ?? a.Value);

    private static bool Explains(Estimate measured, Estimate? predicted) => predicted is not null && Math.Abs((predicted.Value / measured.Value) - 1) <= Tolerance;

    private static double Ratio(Estimate measured, Estimate? predicted) => predicted is null ? 0 : measured.Value / predicted.Value;

    /// <summary>Where measured and predicted are equal; their ratio falls as what is looked for grows. Where a refused query leaves nothing to predict, it is too large.</summary>
    private static double Solved(double low, double high, Func<double, double> ratio)
    {
        for (var i = 0; i < Bisections; i++)
        {
            var middle = 0.5 * (low + high);
            (low, high) = ratio(middle) > 1 ? (middle, high) : (low, middle);
        }

        return 0.5 * (low + high);
    }
}
