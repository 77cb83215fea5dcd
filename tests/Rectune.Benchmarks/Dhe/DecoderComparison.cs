using System.Diagnostics;
using System.Globalization;
using Rectune.Engine.Limits;

namespace Rectune.Benchmarks.Dhe;

/// <summary>
/// Decoders of Deep Hash Embedding against the best matrix product that the machine has at any size, in several forms. A round visits the products and all forms
/// in turn, so that drift hits all; a share of the peak is formed within a round.
/// </summary>
internal static class DecoderComparison
{
    public static int Run(Options options)
    {
        var rounds = options.Whole("--rounds", 7);
        var threadCounts = new[] { 1, Environment.ProcessorCount }.Distinct().ToArray();
        var visit = TimeSpan.FromSeconds(options.Number("--seconds", 120) / (rounds * threadCounts.Length * (GemmPeak.Sizes.Count + 6)));
        var report = new Report(options, "Decoders of Deep Hash Embedding against the peak");
        var workload = new DecoderWorkload();
        var (text, culture) = (report.Text, CultureInfo.InvariantCulture);
        text.Append(
            culture,
            $"- {workload.Features} features, batches of {DecoderWorkload.Batch}, k = {workload.Hashes}, layers {string.Join('-', workload.Widths)}: {workload.Flops / 1e9:F2} GFLOP a batch\n");
        text.Append(culture, $"- ONNX Runtime {report.Machine.Runtime.OnnxRuntime}, fp32, ReLU; hashing on one thread, but where features are shared out\n");
        text.Append(culture, $"- {rounds} rounds, all in turn, {visit.TotalSeconds:F2} s a visit or at least 3 runs; medians of runs within a visit, medians and ranges over the rounds\n");
        text.Append(culture, $"- peak: the best run of a square fp32 product of the sizes {string.Join(", ", GemmPeak.Sizes)} within the round, at as many threads\n\n");
        text.Append("| threads | decoders | peak, GFLOP/s | decoding, GFLOP/s | share of peak, median | range | with hashing, GFLOP/s | share of peak, median | range |\n");
        text.Append("|---|---|---|---|---|---|---|---|---|\n");
        var difference = 0.0;
        foreach (var threads in threadCounts)
        {
            using var chained = new ChainedDecoders(workload, threads);
            using var batched = new BatchedDecoders(workload, threads);
            using var sharedOut = threads > 1 ? new SharedOutDecoders(workload, threads) : null;
            IDecoderForm[] forms = sharedOut is null ? [chained, batched] : [chained, batched, sharedOut];
            difference = Math.Max(difference, forms.Skip(1).Max(form => LargestDifference(workload, chained, form)));
            var peaks = new List<double>();
            var figures = Array.ConvertAll(forms, form => new DecoderFigures(form.Name, threads));
            for (var round = 0; round < rounds; round++)
            {
                peaks.Add(GemmPeak.Sizes.Max(size => GemmPeak.Measure(size, threads, visit, TimeProvider.System)));
                for (var i = 0; i < forms.Length; i++)
                {
                    figures[i].Decoding.Add(workload.Flops / 1e9 / MedianSeconds(forms[i].Decode, visit));
                    figures[i].WithHashing.Add(workload.Flops / 1e9 / MedianSeconds(forms[i].Encode, forms[i].Decode, visit));
                }
            }

            Array.ForEach(figures, figure => Tabulate(report, figure, peaks));
        }

        text.Append(culture, $"\nLargest difference of an element between the forms: {difference:E1}.\n");
        report.Write("dhe.md");
        return 0;
    }

    private static double LargestDifference(DecoderWorkload workload, IDecoderForm left, IDecoderForm right)
    {
        foreach (var form in (IDecoderForm[])[left, right])
        {
            form.Encode();
            form.Decode();
        }

        var largest = 0.0;
        for (var feature = 0; feature < workload.Features; feature++)
        {
            var own = left.Vectors(feature);
            var other = right.Vectors(feature);
            for (var i = 0; i < own.Length; i++)
            {
                largest = Math.Max(largest, Math.Abs((double)own[i] - other[i]));
            }
        }

        return largest;
    }

    private static double MedianSeconds(Action encode, Action decode, TimeSpan limit) => MedianSeconds(
        () =>
        {
            encode();
            decode();
        },
        limit);

    private static double MedianSeconds(Action step, TimeSpan limit)
    {
        var seconds = new List<double>();
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < limit || seconds.Count < 3)
        {
            var start = Stopwatch.GetTimestamp();
            step();
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return Report.Median(seconds[1..]);
    }

    private static void Tabulate(Report report, DecoderFigures figures, List<double> peaks)
    {
        report.Text.Append(
            CultureInfo.InvariantCulture,
            $"| {figures.Threads} | {figures.Name} | {Report.Median(peaks):F1} | {Rate(figures.Decoding, peaks)} | {Rate(figures.WithHashing, peaks)} |\n");
    }

    private static string Rate(List<double> rates, List<double> peaks)
    {
        var shares = rates.Zip(peaks, (rate, peak) => rate / peak).Order().ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"{Report.Median(rates):F1} | {Report.Median(shares):P0} | {shares[0]:P0}–{shares[^1]:P0}");
    }
}
