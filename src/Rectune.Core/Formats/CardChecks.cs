using System.Text.RegularExpressions;
using Rectune.Core.Domain;

namespace Rectune.Core.Formats;

/// <summary>What a card must satisfy beyond its types, so that a model can be built from it.</summary>
internal static partial class CardChecks
{
    /// <summary>Ids are 32-bit.</summary>
    private const long MaximumRows = int.MaxValue;

    /// <summary>Several times any published recommender. With <see cref="MaximumInteraction"/> it keeps every layer's weights within one array.</summary>
    private const int MaximumWidth = 1 << 15;

    private const int MaximumInteraction = (1 << 16) - 1;

    private const int MaximumFeatures = 1 << 14;

    private static readonly string[] Metrics = ["accuracy", "auc", "logloss"];

    public static void Check(ModelCard card, RecordProblems problems)
    {
        problems.Require(card.Schema == ModelCard.SchemaName, ".schema", $"'{card.Schema}'", ModelCard.SchemaName);
        problems.Require(card.Name.Trim().Length > 0, ".name", $"'{card.Name}'", "a name");
        problems.Require(card.DenseFeatures is >= 1 and <= MaximumWidth, ".denseFeatures", card.DenseFeatures, $"a width from 1 to {MaximumWidth}");
        CheckFeatures(card, problems);
        CheckWidths(card.BottomMlp, ".bottomMlp", problems);
        CheckWidths(card.TopMlp, ".topMlp", problems);
        if (card.TopMlp is [.., not 1])
        {
            problems.Add($".topMlp[{card.TopMlp.Count - 1}]", $"found {card.TopMlp[^1]}, expected 1: the model ends in one score a sample");
        }

        if (card.Interaction == InteractionKind.Dot)
        {
            CheckDot(card, problems);
        }

        var tables = (long)card.Sparse.Count;
        var width = card.Interaction == InteractionKind.Dot ? tables * (tables + 1) / 2 : card.Sparse.Sum(f => (long)f.Dim);
        problems.Require(width <= MaximumInteraction, ".interaction", $"{width} values for the top MLP", $"at most {MaximumInteraction}");
        problems.Require(card.Skew.ZipfExponent is >= 0 and <= 10, ".skew.zipfExponent", card.Skew.ZipfExponent, "an exponent from 0 (uniform) to 10");
        CheckLimit(card.Sla.Percentile, card.Sla.LimitMs, problems.Below(".sla"));
        if (card.Quality is { } quality)
        {
            CheckQuality(quality, problems.Below(".quality"));
        }
    }

    /// <summary>Percentile and limit of a latency target.</summary>
    public static void CheckLimit(double percentile, double limitMs, RecordProblems problems)
    {
        problems.Require(SlaText.Percentiles.Contains(percentile), ".percentile", percentile, "one of " + string.Join(", ", SlaText.Percentiles));
        problems.Require(limitMs > 0, ".limitMs", limitMs, "a positive limit in milliseconds");
    }

    public static void CheckQuality(Quality quality, RecordProblems problems)
    {
        problems.Require(
            Metrics.Contains(quality.Metric), ".metric", $"'{quality.Metric}'", "one of " + string.Join(", ", Metrics), Near(quality.Metric));
        if (quality.Value is { } value)
        {
            var highest = quality.Metric == "logloss" ? double.MaxValue : 1;
            var expected = quality.Metric == "logloss" ? "a value of 0 or more" : "a value from 0 to 1";
            problems.Require(value >= 0 && value <= highest, ".value", value, expected);
        }
        else if (quality.Source != Provenance.Unknown)
        {
            problems.Add(".value", "the member is missing", "give the value, or the source as 'unknown'");
        }

        problems.Require(quality.Stderr is null or >= 0, ".stderr", quality.Stderr ?? 0, "a standard error of 0 or more");
    }

    private static string? Near(string metric) => Spelling.Closest(metric, Metrics) is { } close && close != metric ? $"did you mean '{close}'?" : null;

    private static void CheckFeatures(ModelCard card, RecordProblems problems)
    {
        problems.Require(card.Sparse.Count is >= 1 and <= MaximumFeatures, ".sparse", $"{card.Sparse.Count} features", $"from 1 to {MaximumFeatures}");
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < card.Sparse.Count; i++)
        {
            var feature = card.Sparse[i];
            var below = problems.Below($".sparse[{i}]");
            below.Require(
                FeatureName().IsMatch(feature.Name) && feature.Name != "dense" && !feature.Name.EndsWith(".offsets", StringComparison.Ordinal),
                ".name", $"'{feature.Name}'", "letters, digits, '_', '-' and '.', neither 'dense' nor ending in '.offsets'", "both name other tensors of a request");
            if (!names.TryAdd(feature.Name, i))
            {
                below.Add(".name", $"found '{feature.Name}' again, first used by $.sparse[{names[feature.Name]}]", "give every feature its own name");
            }

            below.Require(feature.Rows is >= 1 and <= MaximumRows, ".rows", feature.Rows, $"from 1 to {MaximumRows} rows");
            below.Require(feature.Dim is >= 1 and <= MaximumWidth, ".dim", feature.Dim, $"a width from 1 to {MaximumWidth}");
            below.Require(feature.Lookups is >= 1 and <= MaximumFeatures, ".lookups", feature.Lookups, $"from 1 to {MaximumFeatures} ids a sample");
        }
    }

    private static void CheckWidths(IReadOnlyList<int> widths, string path, RecordProblems problems)
    {
        problems.Require(widths.Count > 0, path, "an empty list", "the output width of every layer");
        for (var i = 0; i < widths.Count; i++)
        {
            problems.Require(widths[i] is >= 1 and <= MaximumWidth, $"{path}[{i}]", widths[i], $"a width from 1 to {MaximumWidth}");
        }
    }

    private static void CheckDot(ModelCard card, RecordProblems problems)
    {
        if (card.BottomMlp.Count == 0)
        {
            return;
        }

        var width = card.BottomMlp[^1];
        for (var i = 0; i < card.Sparse.Count; i++)
        {
            problems.Require(
                card.Sparse[i].Dim == width, $".sparse[{i}].dim", card.Sparse[i].Dim, $"{width}, the bottom MLP's last width: a dot product needs equal widths");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.\-]*\z")]
    private static partial Regex FeatureName();
}
