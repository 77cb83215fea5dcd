using System.Text.RegularExpressions;
using Rectune.Core.Domain;

namespace Rectune.Core.Formats;

/// <summary>What a card must satisfy beyond its types, so that a model can be built from it.</summary>
internal static partial class CardChecks
{
    /// <summary>Ids are 32-bit.</summary>
    private const long MaximumRows = int.MaxValue;

    /// <summary>Several times any published recommender. With <see cref="MaximumInteraction"/> it keeps every layer's weights within one array.</summary>
    public const int MaximumWidth = 1 << 15;

    private const int MaximumInteraction = (1 << 16) - 1;

    private static readonly string[] Metrics = ["accuracy", "auc", "logloss"];

    /// <summary>A card as it stands in a plan: copies of features are written out.</summary>
    public static void Check(ModelCard card, RecordProblems problems)
    {
        CheckAny(card, problems);
        for (var i = 0; i < card.Sparse.Count; i++)
        {
            problems.Require(card.Sparse[i].Copies == 1, $".sparse[{i}].copies", card.Sparse[i].Copies, "1: a plan holds every copy as a feature of its own");
        }
    }

    /// <summary>A card as it stands in a file of its own.</summary>
    public static void CheckFile(ModelCard card, RecordProblems problems)
    {
        problems.Require(card.Interaction != InteractionKind.Onnx, ".interaction", "'onnx'", "another interaction", "name the model file itself: --model my.onnx");
        CheckAny(card, problems);
    }

    private static void CheckAny(ModelCard card, RecordProblems problems)
    {
        problems.Require(card.Schema == ModelCard.SchemaName, ".schema", $"'{card.Schema}'", ModelCard.SchemaName);
        problems.Require(card.Name.Trim().Length > 0, ".name", $"'{card.Name}'", "a name");
        problems.Require(card.DenseFeatures is >= 0 and <= MaximumWidth, ".denseFeatures", card.DenseFeatures, $"a width from 0 to {MaximumWidth}");
        CheckFeatures(card, problems);
        CheckWidths(card.BottomMlp, ".bottomMlp", needed: false, problems);
        CheckWidths(card.TopMlp, ".topMlp", needed: card.Interaction != InteractionKind.Onnx, problems);
        if (card.Heads is { } heads)
        {
            problems.Require(heads.Tasks is >= 1 and <= ModelCard.MaximumTasks, ".heads.tasks", heads.Tasks, $"from 1 to {ModelCard.MaximumTasks} tasks");
            CheckWidths(heads.Mlp, ".heads.mlp", needed: true, problems);
        }

        InteractionChecks.Check(card, problems);
        var vectors = card.Sparse.Sum(f => (double)f.Copies) + 1;
        var width = card.Interaction == InteractionKind.Dot ? vectors * (vectors - 1) / 2 : card.Sparse.Sum(f => Elements(f) * (f.Sequence ? f.Lookups : 1));
        problems.Require(width <= MaximumInteraction, ".interaction", $"{width} values for the interaction", $"at most {MaximumInteraction}");
        problems.Require(card.Skew.ZipfExponent is >= 0 and <= IndexSkew.SteepestExponent, ".skew.zipfExponent", card.Skew.ZipfExponent, $"an exponent from 0 (uniform) to {IndexSkew.SteepestExponent}");
        CheckLimit(card.Sla.Percentile, card.Sla.LimitMs, problems.Below(".sla"));
        if (card.Quality is { } quality)
        {
            CheckQuality(quality, problems.Below(".quality"));
        }
    }

    /// <summary>Elements of a feature's copies side by side. A real number, because figures about to be refused may not fit in an integer.</summary>
    public static double Elements(SparseFeature feature) => (double)feature.Dim * feature.Copies;

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
        var least = card.Interaction == InteractionKind.Onnx ? 0 : 1;
        problems.Require(
            card.Sparse.Count >= least && card.Sparse.Count <= ModelCard.MaximumFeatures, ".sparse", $"{card.Sparse.Count} features", $"from {least} to {ModelCard.MaximumFeatures}");
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < card.Sparse.Count; i++)
        {
            var feature = card.Sparse[i];
            var below = problems.Below($".sparse[{i}]");
            below.Require(
                FeatureName().IsMatch(feature.Name) && feature.Name != "dense" && !feature.Name.EndsWith(".offsets", StringComparison.Ordinal),
                ".name", $"'{feature.Name}'", "letters, digits, '_', '-' and '.', neither 'dense' nor ending in '.offsets'", "both name other tensors of a request");
            if (CardFormat.CopyNames(feature).FirstOrDefault(name => !names.TryAdd(name, i)) is { } repeated)
            {
                below.Add(".name", $"found '{repeated}' again, first used by $.sparse[{names[repeated]}]", "give every feature its own name");
            }

            below.Require(feature.Rows is >= 1 and <= MaximumRows, ".rows", feature.Rows, $"from 1 to {MaximumRows} rows");
            below.Require(feature.Dim is >= 1 and <= MaximumWidth, ".dim", feature.Dim, $"a width from 1 to {MaximumWidth}");
            below.Require(feature.Copies is >= 1 and <= ModelCard.MaximumFeatures, ".copies", feature.Copies, $"from 1 to {ModelCard.MaximumFeatures} copies");
            CheckTable(card, i, below);
            CheckIds(card, i, below);
            below.Require(feature.Lookups is >= 1 and <= ModelCard.MaximumFeatures, ".lookups", feature.Lookups, $"from 1 to {ModelCard.MaximumFeatures} ids a sample");
        }
    }

    /// <summary>Shared ids must be an earlier feature's own, as many a sample.</summary>
    private static void CheckIds(ModelCard card, int index, RecordProblems problems)
    {
        var feature = card.Sparse[index];
        if (feature.Ids is not { } name)
        {
            return;
        }

        problems.Require(feature.Copies == 1, ".copies", feature.Copies, "1 where the ids are another feature's");
        var owner = card.Sparse.Take(index).FirstOrDefault(f => f.Name == name);
        if (owner is null || owner.Ids is not null || owner.Copies > 1)
        {
            problems.Add(".ids", $"found '{name}', expected an earlier feature with ids of its own");
        }
        else if (owner.Lookups != feature.Lookups)
        {
            problems.Add(".ids", $"'{name}' has {owner.Lookups} ids a sample, this feature {feature.Lookups}", "shared ids are as many");
        }
    }

    /// <summary>A shared table must be an earlier feature's own, of the same shape.</summary>
    private static void CheckTable(ModelCard card, int index, RecordProblems problems)
    {
        var feature = card.Sparse[index];
        if (feature.Table is not { } name)
        {
            return;
        }

        problems.Require(feature.Copies == 1, ".copies", feature.Copies, "1 where the table is another feature's");

        var owner = card.Sparse.Take(index).FirstOrDefault(f => f.Name == name);
        if (owner is null || owner.Table is not null || owner.Copies > 1)
        {
            problems.Add(".table", $"found '{name}', expected an earlier feature with a table of its own");
        }
        else if (owner.Rows != feature.Rows || owner.Dim != feature.Dim)
        {
            problems.Add(".table", $"'{name}' has {owner.Rows} rows of {owner.Dim}, this feature {feature.Rows} rows of {feature.Dim}", "a shared table has one shape");
        }
    }

    /// <summary>Output widths of a stack of layers.</summary>
    public static void CheckWidths(IReadOnlyList<int> widths, string path, bool needed, RecordProblems problems)
    {
        problems.Require(widths.Count > 0 || !needed, path, "an empty list", "the output width of every layer");
        for (var i = 0; i < widths.Count; i++)
        {
            problems.Require(widths[i] is >= 1 and <= MaximumWidth, $"{path}[{i}]", widths[i], $"a width from 1 to {MaximumWidth}");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.\-]*\z")]
    private static partial Regex FeatureName();
}
