using Rectune.Core.Domain;

namespace Rectune.Core.Planning;

/// <summary>How good a path's answers are: as the user says, else by what the card says of tables in full precision and what is assumed of others beside it.</summary>
public static class PathQuality
{
    /// <param name="scoreChange">Largest change of a score against full precision on a sample; null where scores were not compared.</param>
    /// <param name="known">Qualities that the user knows, by kind or identity of the representation; null for none.</param>
    public static Quality Of(ModelCard card, Configuration configuration, double? scoreChange, IReadOnlyDictionary<string, double>? known = null)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(configuration);
        var representation = configuration.Representation;
        List<string> assumed = [];
        var basis = Said(card, representation, known);
        if (basis is null)
        {
            var tables = Said(card, Representation.Table, known) ?? card.Quality;
            if (tables is null)
            {
                return new Quality { Metric = "accuracy", Source = Provenance.Unknown, Where = "the model card states none" };
            }

            basis = tables;
            if (QualityPriors.Of(card, representation.Kind) is { } prior)
            {
                basis = tables with { Value = tables.Value + prior.Difference, Stderr = null };
                assumed.Add(FormattableString.Invariant($"{prior.Difference:+0.0000;−0.0000} for {representation.Kind}, {prior.Where}"));
            }
            else if (representation.Kind != Representation.Table.Kind)
            {
                return new Quality { Metric = tables.Metric, Source = Provenance.Unknown, Where = $"what {representation.Kind} reaches is not known; --quality says it" };
            }
        }

        if (configuration.TablePrecision != TablePrecision.Fp32 || configuration.DensePrecision != DensePrecision.Fp32 || configuration.Centroids is not null)
        {
            assumed.Add(scoreChange is { } change ? FormattableString.Invariant($"scores change by at most {change:G2} on a sample") : "scores were not compared");
        }

        return assumed.Count == 0 ? basis : basis with { Source = Provenance.Assumed, Where = $"as fp32 tables ({basis.Where}): {string.Join("; ", assumed)}" };
    }

    private static Quality? Said(ModelCard card, Representation representation, IReadOnlyDictionary<string, double>? known)
    {
        var value = 0.0;
        return known is not null && (known.TryGetValue(representation.Id(), out value) || known.TryGetValue(representation.Kind, out value))
            ? new Quality { Metric = card.Quality?.Metric ?? "accuracy", Value = value, Source = Provenance.Assumed, Where = "as said with --quality" }
            : null;
    }
}
