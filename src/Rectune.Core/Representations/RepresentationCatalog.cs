using System.Globalization;
using Rectune.Core.Domain;

namespace Rectune.Core.Representations;

/// <summary>Every kind of representation, and their written form: <c>dhe</c>, <c>dhe(k=512,decoder=256-128)</c>.</summary>
public static class RepresentationCatalog
{
    public static IReadOnlyList<IRepresentation> Kinds { get; } =
    [
        new TableRepresentation(),
        new DheRepresentation(),
        new SelectRepresentation(),
        new HybridRepresentation(),
        new MaterializedRepresentation(),
        new QuotientRemainderRepresentation(),
        new TensorTrainRepresentation(),
    ];

    private static IReadOnlyList<string> Names { get; } = [.. Kinds.Select(kind => kind.Kind)];

    /// <summary>What <paramref name="representation"/> makes of a model.</summary>
    /// <exception cref="InvalidInputException">An unknown kind, unknown or bad parameters, or an interaction that cannot take the vectors.</exception>
    public static EmbeddingDesign Design(ModelCard card, Representation representation)
    {
        ArgumentNullException.ThrowIfNull(representation);
        var (kind, settings) = Check(representation, $"representation {representation.Id()}");
        return new EmbeddingDesign(card, kind, settings, representation);
    }

    /// <summary>The same as a configuration runs it: with centroids for decoders, not chosen yet, where it has any.</summary>
    /// <exception cref="InvalidInputException">As above.</exception>
    public static EmbeddingDesign Design(ModelCard card, Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var exact = Design(card, configuration.Representation);
        return configuration.Centroids is { } count ? exact.WithCentroids(count) : exact;
    }

    /// <summary>Whether the precision of rows matters to a representation.</summary>
    public static bool StoresRows(Representation representation)
    {
        ArgumentNullException.ThrowIfNull(representation);
        return Check(representation, $"representation {representation.Id()}").Kind.StoresRows;
    }

    /// <summary>Reads the written form.</summary>
    /// <exception cref="InvalidInputException">An unknown kind, or unknown, repeated or bad parameters.</exception>
    public static Representation Parse(string text, string place)
    {
        ArgumentNullException.ThrowIfNull(text);
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var kind = open < 0 ? text : text[..open];
        var parameters = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (open >= 0)
        {
            if (text[^1] != ')')
            {
                throw new InvalidInputException(place, $"found '{text}', expected ')' at its end", "write kind(name=value,name=value)");
            }

            var inside = text[(open + 1)..^1];
            foreach (var part in inside.Length == 0 ? [] : inside.Split(','))
            {
                var equals = part.IndexOf('=', StringComparison.Ordinal);
                if (equals < 1 || !parameters.TryAdd(part[..equals].Trim(), part[(equals + 1)..].Trim()))
                {
                    throw new InvalidInputException(place, $"found '{part}' in '{text}', expected name=value, every name once");
                }
            }
        }

        var representation = new Representation { Kind = kind, Parameters = parameters };
        Check(representation, place);
        return representation;
    }

    private static (IRepresentation Kind, ParameterSet Settings) Check(Representation representation, string place)
    {
        var kind = Kinds.FirstOrDefault(k => k.Kind == representation.Kind)
            ?? throw new InvalidInputException(place, string.Create(CultureInfo.InvariantCulture, $"representation: {Spelling.Unknown(representation.Kind, Names)}"));
        return (kind, ParameterSet.Read(kind, representation.Parameters, place));
    }
}
