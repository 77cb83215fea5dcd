using Rectune.Core.Domain;

namespace Rectune.Core.Planning;

/// <summary>How good a path's answers are, by what the card says of tables in full precision: of anything else that figure is an assumption.</summary>
public static class PathQuality
{
    /// <param name="scoreChange">Largest change of a score against full precision on a sample; null where scores were not compared.</param>
    public static Quality Of(ModelCard card, Configuration configuration, double? scoreChange)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(configuration);
        if (card.Quality is not { } published)
        {
            return new Quality { Metric = "accuracy", Source = Provenance.Unknown, Where = "the model card states none" };
        }

        List<string> assumed = [];
        if (configuration.Representation.Kind != Representation.Table.Kind)
        {
            assumed.Add($"what {configuration.Representation.Kind} reaches is not known");
        }

        if (configuration.TablePrecision != TablePrecision.Fp32 || configuration.DensePrecision != DensePrecision.Fp32)
        {
            assumed.Add(scoreChange is { } change ? FormattableString.Invariant($"scores change by at most {change:G2} on a sample") : "scores were not compared");
        }

        return assumed.Count == 0 ? published : published with { Source = Provenance.Assumed, Where = $"as fp32 tables ({published.Where}): {string.Join("; ", assumed)}" };
    }
}
