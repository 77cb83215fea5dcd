using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Workloads;
using Rectune.Engine.Data;

namespace Rectune.Benchmarks.Models;

/// <summary>
/// One model here and in PyTorch. After each has chosen its threads, a round visits everyone at every batch size in turn, so that drift hits all.
/// </summary>
/// <param name="threads">Thread counts to choose from.</param>
/// <param name="seconds">Time that the visits share.</param>
internal sealed class ModelMeasurement(IReadOnlyList<int> batches, IReadOnlyList<int> threads, int rounds, double seconds)
{
    private const ulong Seed = 1;

    private const int MostChecked = 512;

    /// <summary>Rows that are read one by one to compare scores: some seconds' worth.</summary>
    private const long MostCheckedRows = 1 << 20;

    /// <summary>DeepRecSys finds look-ups to dominate in these, layers and recurrences in the others (Gupta et al., ISCA 2020, figure 3).</summary>
    private static readonly HashSet<string> LookupsDominate = ["rm1", "rm2", "din"];

    public ModelFigures Of(ModelCard card)
    {
        Console.Error.WriteLine($"{card.Name}: making {card.Sparse.Sum(feature => feature.Rows)} rows on both sides ...");
        var pool = CandidatePool.Synthetic(card, SkewText.Of(card.Skew.ZipfExponent, card.Skew.Source), Seed, Environment.ProcessorCount).Features;
        var samples = (int)Math.Clamp(MostCheckedRows / card.Sparse.Sum(feature => (long)feature.Lookups), 1, Math.Min(MostChecked, pool.Samples));
        using var ours = new RectuneModel(card, pool, Seed, Math.Max(batches.Max(), samples), threads);
        using var theirs = new TorchModel(card, pool, Seed, threads.Max());
        var reference = ours.ReferenceScores(samples);
        var full = ours.Scores(ModelForm.Full, samples);
        var pooled = ours.Pooled(samples);
        var logits = ours.ReferenceLogits(samples);
        var figures = new ModelFigures(
            card.Name,
            LookupsDominate.Contains(card.Name),
            samples,
            reference.Max(Math.Abs),
            [.. theirs.Forms.Select(form => LargestDifference(full, theirs.Scores(form, samples, pooled)))],
            theirs.Forms.Max(form => LargestDifference(logits, theirs.Logits(form, samples, pooled))),
            logits.Max(Math.Abs),
            [.. ModelForm.All.Select(form => LargestDifference(ours.Scores(form, samples), reference))])
        {
            Batches = Compare(ours, theirs),
            TorchVersion = theirs.Version,
            TorchForms = theirs.Forms,
        };
        foreach (var figure in figures.Batches)
        {
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{card.Name}, batch {figure.Batch}: {figure.Ours[0].MedianUs:F0} µs, PyTorch {figure.Opponent.MedianUs:F0} µs, {figure.SpeedUp(0):F2}×"));
        }

        return figures;
    }

    private static double LargestDifference(float[] scores, float[] others) => scores.Length == others.Length && scores.Concat(others).All(float.IsFinite)
        ? scores.Zip(others, (a, b) => Math.Abs((double)a - b)).Max()
        : throw new InvalidOperationException($"{scores.Length} scores against {others.Length}, or some that are no numbers");

    private BatchFigures[] Compare(RectuneModel ours, TorchModel theirs)
    {
        var here = ModelForm.All.Select(form => new Contestant(form.Name, (count, batch, limit) => ours.MedianUs(form, count, batch, limit))).ToArray();
        var there = theirs.Forms.Select(form => new Contestant(form, (count, batch, limit) => theirs.MedianUs(form, count, batch, limit))).ToArray();
        var visit = VisitSeconds(theirs.Forms.Count);
        var figures = batches.Select(batch => new BatchFigures(
            batch, [.. here.Select(contestant => new Entry(contestant, batch))], [.. there.Select(contestant => new Entry(contestant, batch))])).ToArray();
        foreach (var entry in figures.SelectMany(figure => figure.Ours.Concat(figure.Theirs)))
        {
            entry.ChooseThreads(threads, visit);
        }

        for (var round = 0; round < rounds; round++)
        {
            foreach (var entry in figures.SelectMany(figure => figure.Ours.Concat(figure.Theirs)))
            {
                entry.Visit(visit);
            }
        }

        return figures;
    }

    private double VisitSeconds(int forms) => seconds / (batches.Count * (ModelForm.All.Count + forms) * (rounds + (2 * threads.Count)));
}
