using Rectune.Core.Numerics;

namespace Rectune.Core.CostModels;

/// <summary>
/// Service times of configurations that were never measured: the sum of what each resource takes, times what configurations alike in their knobs were found to differ from it.
/// Intervals are as wide as leaving each configuration out shows that they must be.
/// </summary>
public sealed class CrossPathModel : IPathModel
{
    /// <summary>Points of which the kernel is chosen: more tell little more about it and cost the cube of their number.</summary>
    private const int MostForKernel = 240;

    /// <summary>Both sides of a normal deviation.</summary>
    private const double OneDeviation = 0.6827;

    private readonly RooflineModel roofline;
    private readonly ResidualProcess process;

    /// <summary>Of left-out points, ascending: how many claimed deviations they were off, and how many of those with what their own measurement is off by.</summary>
    private readonly double[] scores;
    private readonly double[] modelScores;
    private readonly int configurations;

    public CrossPathModel(IReadOnlyList<MeasuredPoint> measured)
    {
        ArgumentNullException.ThrowIfNull(measured);
        roofline = new RooflineModel(measured);
        PathPoint[] points = [.. measured.Select(m => m.Point)];
        double[] logs = [.. measured.Select(m => Math.Log(m.QuietUs / roofline.QuietUs(m.Point)))];
        double[] deviations = [.. measured.Select(m => m.Deviation)];
        var some = Spread(points.Length);
        var kernel = KernelSearch.Best([.. some.Select(i => points[i])], [.. some.Select(i => logs[i])], [.. some.Select(i => deviations[i])]);
        process = new ResidualProcess(points, new PointPairs(points), logs, deviations, kernel);
        int[][] groups = [.. Enumerable.Range(0, points.Length).GroupBy(i => points[i].Configuration, StringComparer.Ordinal).Select(group => group.ToArray())];
        configurations = groups.Length;
        var left = process.LeftOut(groups).ToArray();
        scores = [.. left.Select(point => Math.Abs(point.Error) / point.Claimed).Order()];
        modelScores = [.. left.Select(point => Math.Abs(point.Error) / point.WithMeasurement).Order()];
    }

    public Interval Predict(PathPoint point, double confidence)
    {
        ArgumentNullException.ThrowIfNull(point);
        var (mean, deviation) = process.At(point);
        var quiet = roofline.QuietUs(point) * Math.Exp(mean);
        var width = Math.Exp(deviation * Score(scores, confidence));
        return new Interval(quiet, quiet / width, quiet * width);
    }

    public double LogDeviation(PathPoint point)
    {
        ArgumentNullException.ThrowIfNull(point);
        return process.At(point).Deviation * Score(modelScores, OneDeviation);
    }

    /// <summary>
    /// Deviations on either side: those that left-out points needed, with the correction for their number (Lei and others, JASA 2018), never fewer than those of a deviation that
    /// so many configurations tell.
    /// </summary>
    private double Score(double[] sorted, double confidence)
    {
        var rank = (int)Math.Ceiling(confidence * (sorted.Length + 1));
        var seen = sorted[Math.Min(rank, sorted.Length) - 1];
        return Math.Max(seen, StudentT.Quantile(0.5 + (confidence / 2), Math.Max(1, configurations - 1)));
    }

    private static int[] Spread(int count) => count <= MostForKernel
        ? [.. Enumerable.Range(0, count)]
        : [.. Enumerable.Range(0, MostForKernel).Select(i => (int)((long)i * count / MostForKernel))];
}
