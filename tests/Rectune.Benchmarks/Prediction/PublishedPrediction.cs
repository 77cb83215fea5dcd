using System.Globalization;
using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Benchmarks.Prediction;

/// <summary>Other people's measurements at two batch sizes, predicted from theirs at three others.</summary>
internal static class PublishedPrediction
{
    private static readonly int[] Known = [10, 200, 1000];

    public static void Append(Report report)
    {
        report.Text.Append("\nPublished medians at batches 100 and 500, predicted from those at 10, 200 and 1000 (Kairos, HPDC 2023).\n\n");
        report.Text.Append("| model | machine | error at 100 | error at 500 |\n|---|---|---|---|\n");
        foreach (var (model, machine, errors) in PublishedServiceTimes.All.Select(pair => (pair.Model, pair.Machine, Errors(pair.Ms))))
        {
            report.Text.Append(CultureInfo.InvariantCulture, $"| {model} | {machine} | {errors[0]:P1} | {errors[1]:P1} |\n");
        }

        double[] all = [.. PublishedServiceTimes.All.SelectMany(pair => Errors(pair.Ms)).Select(Math.Abs).Order()];
        report.Text.Append(CultureInfo.InvariantCulture, $"\nMedian of the absolute errors {Percentiles.Interpolated(all, 0.5):P2}, 95th percentile {Percentiles.Interpolated(all, 0.95):P1}.\n");
    }

    /// <summary>Of the predicted over the published median, at the batches that are not known.</summary>
    private static double[] Errors(double[] ms)
    {
        var points = PublishedServiceTimes.Batches.Select((batch, i) => (Batch: batch, Ms: ms[i])).ToArray();
        var terms = new ServiceTerms { PrepareUs = 0, ComputeUs = 0, CopyOutUs = 0 };
        var curve = new ServiceCurve
        {
            Points = [.. points.Where(point => Known.Contains(point.Batch)).Select(point => new ServicePoint { Batch = point.Batch, MedianUs = 1e3 * point.Ms, P99Us = 1e3 * point.Ms, Terms = terms })],
            Residuals = [1, 1],
            Source = Provenance.Published,
        };
        var model = new ServiceTimeModel(curve, Known[^1]);
        return [.. points.Where(point => !Known.Contains(point.Batch)).Select(point => (model.MedianUs(point.Batch, out _) / (1e3 * point.Ms)) - 1)];
    }
}
