using System.Globalization;

namespace Rectune.Benchmarks.Models;

/// <summary>The figures of all models as tables, and their geometric means.</summary>
internal sealed class ModelsReport(Report report, IReadOnlyList<ModelFigures> figures)
{
    /// <param name="mostRows">Rows to which tables were cut; null where none were.</param>
    public void Write(IReadOnlyList<ThreadLimits> limits, int rounds, double seconds, int? mostRows)
    {
        Describe(limits, rounds, seconds, mostRows);
        TabulateSpeed();
        TabulateFetching();
        TabulateScores();
        Summarize();
        report.Write("models.md");
    }

    private static string Means(IEnumerable<BatchFigures> batches) => string.Join(
        " | ",
        ModelForm.All.Select((_, form) => string.Create(CultureInfo.InvariantCulture, $"{Math.Exp(batches.Average(batch => Math.Log(batch.SpeedUp(form)))):F2}×")));

    private void Describe(IReadOnlyList<ThreadLimits> limits, int rounds, double seconds, int? mostRows)
    {
        var runtime = report.Machine.Runtime;
        Line($"- here: ONNX Runtime {runtime.OnnxRuntime}, .NET {runtime.Dotnet}; one instance, fp32 tables on huge pages where the system grants them, fp32 dense part");
        Line($"- PyTorch {figures[0].TorchVersion} with OpenBLAS, fp32, EmbeddingBag + Linear + RNN, inference mode, pages of its allocator");
        Line($"- PyTorch's forms: separate, a module a table and a layer; batched, tables of one shape in one EmbeddingBag and DIN's units in one einsum");
        Line($"- both: best of the thread counts {string.Join(", ", limits.Select(limit => limit.Threads))} at every batch size, chosen beforehand by measuring; look-ups included");
        Line($"- {rounds} rounds, all in turn, {seconds} s a model; speed-up = ratio of the medians of a round to PyTorch's faster form; median and range over the rounds");
        foreach (var limit in limits)
        {
            Line($"- machine at {limit.Threads} thread(s): {limit.Gflops:F1} GFLOP/s in the best fp32 matrix product, {limit.GigabytesPerSecond:F1} GB/s reading in sequence");
        }

        if (mostRows is { } rows)
        {
            Line($"- **tables cut to {rows} rows**: not the models' own sizes");
        }

        Line($"");
    }

    private void TabulateSpeed()
    {
        var forms = figures[0].TorchForms;
        Line($"| model | batch | here, µs (threads) | {string.Join(" | ", forms.Select(form => $"PyTorch {form}, µs (threads)"))} | speed-up, median | range | {string.Join(" | ", ModelForm.Reduced.Select(form => form.Name))} |");
        Line($"|---|---|---|{string.Concat(forms.Select(_ => "---|"))}---|---|{string.Concat(ModelForm.Reduced.Select(_ => "---|"))}");
        foreach (var model in figures)
        {
            foreach (var batch in model.Batches)
            {
                var ranges = batch.Ours.Select(entry => entry.SpeedUps(batch.Opponent)).ToArray();
                var theirs = string.Join(" | ", batch.Theirs.Select(Time));
                var reduced = string.Join(" | ", ranges.Skip(1).Select(range => string.Create(CultureInfo.InvariantCulture, $"{Report.Median(range):F2}× ({range[0]:F2}–{range[^1]:F2})")));
                Line($"| {model.Model} | {batch.Batch} | {Time(batch.Ours[0])} | {theirs} | {batch.SpeedUp(0):F2}× | {ranges[0][0]:F2}–{ranges[0][^1]:F2} | {reduced} |");
            }
        }
    }

    private void TabulateFetching()
    {
        Line($"\nRows looked up a second, layers included, against random rows of the same size that are only fetched, at as many threads. The last column is the speed-up over PyTorch");
        Line($"of a program that took no time but for fetching: nobody can be faster with rows of fp32.\n");
        Line($"| model | batch | rows a sample | bytes a row | fetching alone, M rows/s (threads) | here | share | PyTorch | share | speed-up of fetching alone |");
        Line($"|---|---|---|---|---|---|---|---|---|---|");
        foreach (var model in figures)
        {
            foreach (var batch in model.Batches.Where(_ => model.Fetching is not null))
            {
                var limit = model.Fetching!;
                var (own, other) = (batch.Ours[0], batch.Opponent);
                var (most, mostOfOther) = (limit.RowsPerSecond[own.Threads] / 1e6, limit.RowsPerSecond[other.Threads] / 1e6);
                double Rate(Entry entry) => (double)limit.RowsPerSample * batch.Batch / entry.MedianUs;
                Line($"| {model.Model} | {batch.Batch} | {limit.RowsPerSample} | {limit.RowBytes} | {most:F1} ({own.Threads}) | {Rate(own):F1} | {Rate(own) / most:P0} | {Rate(other):F1} | {Rate(other) / mostOfOther:P0} | {limit.RowsPerSecond.Values.Max() / 1e6 / Rate(other):F2}× |");
            }
        }
    }

    private void TabulateScores()
    {
        Line($"\nLargest differences of scores: of fp32 here from PyTorch given the same vectors, of every form here from scores with nothing rounded;\nlogits are what the last activation takes, where a score near 0 or 1 hides nothing.\n");
        Line($"| model | samples | largest score | {string.Join(" | ", figures[0].TorchForms.Select(form => $"from PyTorch {form}"))} | largest logit | logits from PyTorch | {string.Join(" | ", ModelForm.All.Select(form => form.Name))} |");
        Line($"|---|---|---|{string.Concat(figures[0].TorchForms.Select(_ => "---|"))}---|---|{string.Concat(ModelForm.All.Select(_ => "---|"))}");
        foreach (var model in figures)
        {
            Line($"| {model.Model} | {model.CheckedSamples} | {model.LargestScore:G3} | {Small(model.LargestErrors)} | {model.LargestLogit:G3} | {model.LargestLogitError:E1} | {Small(model.LargestChanges)} |");
        }
    }

    private void Summarize()
    {
        Line($"\nGeometric means of the speed-ups over PyTorch's faster form in fp32.\n");
        Line($"| over | {string.Join(" | ", ModelForm.All.Select(form => form.Name))} |\n|---|{string.Concat(ModelForm.All.Select(_ => "---|"))}");
        Line($"| all models and batches | {Means(figures.SelectMany(model => model.Batches))} |");
        foreach (var kind in figures.GroupBy(model => model.LookupsDominate))
        {
            Line($"| {(kind.Key ? "look-ups" : "layers")} dominate: {string.Join(", ", kind.Select(model => model.Model))} | {Means(kind.SelectMany(model => model.Batches))} |");
        }

        foreach (var batches in figures.SelectMany(model => model.Batches).GroupBy(batch => batch.Batch))
        {
            Line($"| batch {batches.Key} | {Means(batches)} |");
        }
    }

    private static string Small(IEnumerable<double> values) => string.Join(" | ", values.Select(value => value.ToString("E1", CultureInfo.InvariantCulture)));

    private static string Time(Entry entry) => string.Create(CultureInfo.InvariantCulture, $"{entry.MedianUs:F1} ({entry.Threads})");

    private void Line(FormattableString text) => report.Text.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
