using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;

namespace Rectune.Benchmarks.Models;

/// <summary>Models of the zoo here against the same models in PyTorch, one at a time, look-ups included.</summary>
internal static class ModelsComparison
{
    public static int Run(Options options)
    {
        var names = options.Text("--models", "ncf,rm1,rm2,rm3,wnd,mtwnd,din,dien,dlrm").Split(',');
        var cards = names.Select(name => Card(name, options.Whole("--rows-cap", int.MaxValue))).ToArray();
        var batches = options.Text("--batches", "1,16,128,1024").Split(',').Select(b => int.Parse(b, CultureInfo.InvariantCulture)).ToArray();
        var threads = options.Has("--threads") ? [options.Whole("--threads", 1)] : new[] { 1, Environment.ProcessorCount }.Distinct().ToArray();
        var rounds = options.Whole("--rounds", 7);
        var seconds = options.Number("--seconds", 90);
        var report = new Report(options, "Models of the zoo against PyTorch");
        var limits = threads.Select(count => ThreadLimits.Measure(count)).ToArray();
        var measurement = new ModelMeasurement(batches, threads, rounds, seconds);
        var figures = new List<ModelFigures>();
        foreach (var card in cards)
        {
            var figure = measurement.Of(card);

            // The largest pools and tables together are more than a small machine's memory.
            GC.Collect();
            figures.Add(figure.LookupsDominate ? figure with { Fetching = FetchLimit.Of(card, threads) } : figure);
        }

        new ModelsReport(report, figures).Write(limits, rounds, seconds, options.Has("--rows-cap") ? options.Whole("--rows-cap", 0) : null);
        return 0;
    }

    private static ModelCard Card(string name, int mostRows)
    {
        if (!Zoo.TryGetText(name, out var text))
        {
            throw new InvalidInputException("--models", $"found '{name}'", $"Choose from {string.Join(", ", Zoo.Names)}.");
        }

        var card = CardFormat.Read(text, name + ".json");
        return card with { Sparse = [.. card.Sparse.Select(feature => feature with { Rows = Math.Min(feature.Rows, mostRows) })] };
    }
}
