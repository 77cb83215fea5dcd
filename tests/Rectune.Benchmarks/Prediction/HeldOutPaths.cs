using System.Globalization;
using Rectune.Core.CostModels;
using Rectune.Core.Numerics;

namespace Rectune.Benchmarks.Prediction;

/// <summary>How well service times of paths are predicted that the model never saw, from a share of the paths of a recorded profile; on no machine time at all.</summary>
internal static class HeldOutPaths
{
    private const double Confidence = 0.9;
    private const ulong Purpose = 0x48656C64;

    private static readonly (string Name, Func<IReadOnlyList<MeasuredPoint>, IPathModel> Fit)[] Families =
    [
        ("roofline", measured => new RooflineModel(measured)),
        ("roofline × process", measured => new CrossPathModel(measured)),
    ];

    public static int Run(Options options)
    {
        var folder = options.Text("--profile", "profiles/cloud-epyc-2c");
        var seeds = options.Whole("--seeds", 10);
        var report = new Report(options, "Service times of paths that were never measured");
        report.Text.Append(CultureInfo.InvariantCulture, $"- recorded: {folder}; {seeds} random choices of the known paths; error of predicted medians against measured ones, all batches of all other paths\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"- covered: share of measured medians inside their {Confidence:P0} interval\n\n");
        report.Text.Append("| model | known paths | family | median error | 95th percentile | covered | half-width of the interval, median |\n|---|---|---|---|---|---|---|\n");
        foreach (var name in options.Text("--models", "dlrm").Split(','))
        {
            var recorded = RecordedModel.Read(folder, name);
            foreach (var share in new[] { 0.05, 0.1, 0.2, 0.5 })
            {
                var known = Math.Max(3, (int)Math.Round(share * recorded.Paths.Count));
                foreach (var (family, fit) in Families)
                {
                    var outcomes = Enumerable.Range(0, seeds).SelectMany(seed => Predict(recorded, known, (ulong)seed, fit)).ToArray();
                    double[] errors = [.. outcomes.Select(outcome => outcome.Error).Order()];
                    report.Text.Append(
                        CultureInfo.InvariantCulture,
                        $"| {name} | {known} of {recorded.Paths.Count} | {family} | {Percentiles.Interpolated(errors, 0.5):P1} | {Percentiles.Interpolated(errors, 0.95):P1} | {outcomes.Average(outcome => outcome.Covered ? 1 : 0):P0} | {Report.Median(outcomes.Select(outcome => outcome.HalfWidth)):P0} |\n");
                }
            }
        }

        PublishedPrediction.Append(report);
        report.Write("prediction.md");
        return 0;
    }

    private static IEnumerable<(double Error, bool Covered, double HalfWidth)> Predict(
        RecordedModel recorded, int known, ulong seed, Func<IReadOnlyList<MeasuredPoint>, IPathModel> fit)
    {
        var order = Enumerable.Range(0, recorded.Paths.Count).ToArray();
        var random = SplitMix64.For(seed, Purpose);
        for (var i = order.Length - 1; i > 0; i--)
        {
            var j = (int)random.NextInt64(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        var model = fit([.. order[..known].SelectMany(path => recorded.Paths[path].Points)]);
        return order[known..].SelectMany(path => recorded.Paths[path].Points).Select(point =>
        {
            var predicted = model.Predict(point.Point, Confidence);
            return (
                Math.Abs((predicted.Value / point.MedianUs) - 1),
                predicted.Low <= point.MedianUs && point.MedianUs <= predicted.High,
                (predicted.High / predicted.Value) - 1);
        });
    }
}
