using System.Globalization;
using Rectune.Core.CostModels;
using Rectune.Core.Numerics;

namespace Rectune.Benchmarks.Prediction;

/// <summary>How well service times of paths are predicted that the model never saw, from a share of the paths of a recorded profile; on no machine time at all.</summary>
internal static class HeldOutPaths
{
    private const ulong Purpose = 0x48656C64;

    /// <summary>Fewest paths that are known.</summary>
    private const int Fewest = 3;

    public static int Run(Options options)
    {
        var folder = options.Text("--profile", "profiles/cloud-epyc-2c");
        var seeds = options.Whole("--seeds", 10);
        var report = new Report(options, "Service times of paths that were never measured");
        report.Text.Append(CultureInfo.InvariantCulture, $"- recorded: {Path.GetFileName(folder)}; {seeds} random choices of the known paths; error of predicted service times against measured ones (the tenth percentile of the runs: what one takes that nobody disturbs), all batches of all other paths\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"- covered: share of measured times inside their {PathModelChoice.Confidence:P0} interval\n\n");
        report.Text.Append("| model | known paths | family | median error | 95th percentile | covered | half-width of the interval, median |\n|---|---|---|---|---|---|---|\n");
        foreach (var name in options.Text("--models", "dlrm").Split(','))
        {
            var recorded = RecordedModel.Read(folder, name);
            if (options.Has("--second"))
            {
                AppendFloor(report, recorded, RecordedModel.Read(options.Text("--second", folder), name));
            }

            foreach (var known in new[] { 0.05, 0.1, 0.2, 0.5 }.Select(share => Math.Max(Fewest, (int)Math.Round(share * recorded.Paths.Count))).Distinct())
            {
                foreach (var family in PathModelChoice.Families)
                {
                    (Interval PredictedUs, double MeasuredUs)[] outcomes = [.. Enumerable.Range(0, seeds).AsParallel().AsOrdered().SelectMany(seed => Predict(recorded, known, (ulong)seed, family))];
                    var error = HeldOutError.Of(family.Name, outcomes);
                    report.Text.Append(
                        CultureInfo.InvariantCulture,
                        $"| {name} | {known} of {recorded.Paths.Count} | {family.Name} | {error.MedianError:P1} | {error.P95Error:P1} | {error.Covered:P0} | {Report.Median(outcomes.Select(outcome => (outcome.PredictedUs.High / outcome.PredictedUs.Value) - 1)):P0} |\n");
                }
            }
        }

        PublishedPrediction.Append(report);
        report.Write("prediction.md");
        return 0;
    }

    /// <summary>What a second recording of the same paths differs by from the first: no prediction of one from the other's machine time can be better.</summary>
    private static void AppendFloor(Report report, RecordedModel first, RecordedModel second)
    {
        var again = second.Paths.SelectMany(path => path.Rows).ToDictionary(row => (row.Key.Configuration.Id(), row.Key.Batch), row => row.QuietUs());
        double[] errors =
        [
            .. first.Paths.SelectMany(path => path.Rows)
                .Where(row => again.ContainsKey((row.Key.Configuration.Id(), row.Key.Batch)))
                .Select(row => Math.Abs((again[(row.Key.Configuration.Id(), row.Key.Batch)] / row.QuietUs()) - 1))
                .Order(),
        ];
        report.Text.Append(
            CultureInfo.InvariantCulture,
            $"| {first.Card.Name} | all, measured again | none: the floor | {Percentiles.Interpolated(errors, 0.5):P1} | {Percentiles.Interpolated(errors, 0.95):P1} | | |\n");
    }

    private static IEnumerable<(Interval PredictedUs, double MeasuredUs)> Predict(RecordedModel recorded, int known, ulong seed, PathModelFamily family)
    {
        var order = Enumerable.Range(0, recorded.Paths.Count).ToArray();
        var random = SplitMix64.For(seed, Purpose);
        for (var i = order.Length - 1; i > 0; i--)
        {
            var j = (int)random.NextInt64(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        var model = family.Fit([.. order[..known].SelectMany(path => recorded.Paths[path].Points)]);
        return order[known..].SelectMany(path => recorded.Paths[path].Points).Select(point => (model.Predict(point.Point, PathModelChoice.Confidence), point.QuietUs));
    }
}
