using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Representations;

namespace Rectune.Cli;

/// <summary>The settings that say how good answers must be, and how good they are.</summary>
internal static class QualitySettings
{
    public static SettingOf<KeyValuePair<string, double>> Least { get; } = new(ReadLeast)
    {
        Name = "quality-min",
        Metavar = "METRIC=N",
        Description = "Least quality that the traffic gets on average, such as accuracy=0.789; several paths may share the traffic to reach it",
        Otherwise = "none",
    };

    public static SettingOf<double> Asked { get; } = new(ReadAsked)
    {
        Name = "quality-min",
        Metavar = "N",
        Description = "Least quality that every query asks for itself ('quality_min' in its parameters), such as 0.789; a rectune server answers it on paths that have it",
        Otherwise = "none",
    };

    public static SettingOf<IReadOnlyDictionary<string, double>> Known { get; } = new(ReadKnown)
    {
        Name = "quality",
        Metavar = "NAME=N,…",
        Description = "Quality of your trained model by representation, in the card's metric, accuracy where it has none: table=0.7879,dhe(k=512,decoder=256)=0.7894",
        Otherwise = "the model card's, and what is assumed of other representations",
    };

    /// <summary>Null where none is asked for.</summary>
    /// <exception cref="InvalidInputException">Another metric than the card's.</exception>
    public static double? LeastOf(SettingValues values, ModelCard card)
    {
        if (!values.TryGet(Least, out var least))
        {
            return null;
        }

        var given = FormattableString.Invariant($"{least.Key}={least.Value}");
        if (card.Quality is null && !values.TryGet(Known, out _))
        {
            throw new InvalidInputException("--quality-min", $"found {given}, but nothing is known of how good {card.Name} answers", "say it with --quality, such as table=0.7879");
        }

        // What is said of a card without a metric is taken for an accuracy.
        var metric = card.Quality?.Metric ?? "accuracy";
        return metric == least.Key
            ? least.Value
            : throw new InvalidInputException("--quality-min", $"found {given}, expected {metric}, {(card.Quality is null ? "as which --quality is taken where the card names no metric" : $"the metric of {card.Name}'s card")}");
    }

    /// <summary>Empty where none is said.</summary>
    public static IReadOnlyDictionary<string, double> KnownOf(SettingValues values) => values.TryGet(Known, out var known) ? known : new Dictionary<string, double>(StringComparer.Ordinal);

    private static IReadOnlyList<string> ReadLeast(string text, out KeyValuePair<string, double> value)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var known = double.TryParse(text[(equals + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1;
        value = new KeyValuePair<string, double>(equals > 0 ? text[..equals].Trim() : "", number);
        return value.Key is "accuracy" or "auc" && known ? [] : [$"found '{text}', expected accuracy=N or auc=N with N between 0 and 1"];
    }

    /// <summary>With or without the metric's name, which stands in the plan: a configuration says it once for planning and for asking.</summary>
    private static IReadOnlyList<string> ReadAsked(string text, out double value)
    {
        var known = ReadLeast(text.Contains('=', StringComparison.Ordinal) ? text : $"accuracy={text}", out var least).Count == 0;
        value = least.Value;
        return known ? [] : [$"found '{text}', expected a number between 0 and 1, such as 0.789"];
    }

    private static IReadOnlyList<string> ReadKnown(string text, out IReadOnlyDictionary<string, double> value)
    {
        var found = new Dictionary<string, double>(StringComparer.Ordinal);
        var problems = new List<string>();
        value = found;
        foreach (var part in CommaList.Split(text))
        {
            var equals = part.LastIndexOf('=');
            if (equals < 1 || !double.TryParse(part[(equals + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || number is not (> 0 and < 1))
            {
                problems.Add($"found '{part}', expected a representation, '=' and its quality between 0 and 1, such as dhe=0.7894");
                continue;
            }

            try
            {
                var representation = RepresentationCatalog.Parse(part[..equals].Trim(), "--quality");
                if (!found.TryAdd(representation.Parameters.Count == 0 ? representation.Kind : representation.Id(), number))
                {
                    problems.Add($"found '{part[..equals]}' twice, expected every representation once");
                }
            }
            catch (InvalidInputException e)
            {
                problems.AddRange(e.Problems.Select(problem => problem.What));
            }
        }

        return problems;
    }
}
