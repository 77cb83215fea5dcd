using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;
using Rectune.Core.Representations;
using Rectune.Core.Units;

namespace Rectune.Core.Search;

/// <summary>The values that a search space combines.</summary>
public sealed record SpaceKnobs
{
    internal const string Flag = "--set";

    private static readonly bool[] YesAndNo = [true, false];

    /// <summary>Names on the command line: <c>--set name=value,value</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["representation", "table-precision", "placement", "dense-precision", "graph", "instances", "threads", "pinned", "cache", "centroids", "batch", "split", "max-batch"];

    public IReadOnlyList<Representation> Representations { get; init; } = [Representation.Table];

    public IReadOnlyList<TablePrecision> TablePrecisions { get; init; } = Domain.TablePrecisions.All;

    public IReadOnlyList<string> Placements { get; init; } = [TablePlacement.Host];

    public IReadOnlyList<string> DensePrecisions { get; init; } = [DensePrecision.Fp32];

    public IReadOnlyList<string> GraphVariants { get; init; } = [Models.GraphVariants.Default];

    /// <summary>Null: every division of the cores.</summary>
    public IReadOnlyList<int>? Instances { get; init; }

    /// <summary>Null: every division of the cores.</summary>
    public IReadOnlyList<int>? Threads { get; init; }

    /// <summary>Whether threads keep to cores of their own.</summary>
    public IReadOnlyList<bool> Pinned { get; init; } = [true];

    /// <summary>Memory for finished vectors of the most used ids, where a representation hashes ids, bytes; 0 is none.</summary>
    public IReadOnlyList<long> CacheBytes { get; init; } = [0];

    /// <summary>A cache was asked for by name, so that a space in which nothing can have one is a mistake.</summary>
    internal bool CacheAsked { get; private init; }

    /// <summary>Centroids of each hashed table whose vectors stand for those of ids that no cache holds; 0 decodes every id. Not the same scores, so none is searched unless it is asked for.</summary>
    public IReadOnlyList<int> Centroids { get; init; } = [0];

    /// <summary>Centroids were asked for by name, as a cache may be.</summary>
    internal bool CentroidsAsked { get; private init; }

    /// <summary>Samples in a measured run, ascending. Batches between which service time bends little: one, and powers of two where most runs fall.</summary>
    public IReadOnlyList<int> Batches { get; init; } = [1, 16, 64, 128, 256, 512, 1024];

    /// <summary>Samples above which queries are cut. Parts are put together again as far as instances are busy, so that small ones cost nothing and larger ones leave instances idle.</summary>
    public IReadOnlyList<int> Splits { get; init; } = [32];

    /// <summary>Most samples in a run.</summary>
    public IReadOnlyList<int> MaxBatches { get; init; } = [32, 64, 128, 256, 512, 1024];

    /// <summary>
    /// What is searched by default: tables in every precision, layers in eight bits where the processor multiplies bytes, and, where full-precision tables do not fit,
    /// representations that need fewer of them. (Where tables fit, a representation of unknown quality would only win by being faster, which none of them is on a processor.)
    /// </summary>
    public static SpaceKnobs Default(ModelCard card, Cpu cpu, long memoryLimitBytes)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(cpu);
        if (card.Graph is not null)
        {
            // The layers of a user's graph are left as they are.
            return new SpaceKnobs();
        }

        var fits = RepresentationCatalog.Design(card, Representation.Table).StoredBytes(TablePrecision.Fp32) <= memoryLimitBytes;
        var multipliesBytes = cpu.InstructionSets.Any(set => set is "avx512vnni" or "dotprod");
        return new SpaceKnobs
        {
            Representations = fits ? [Representation.Table] : [Representation.Table, new Representation { Kind = "select" }, new Representation { Kind = "dhe" }],
            DensePrecisions = multipliesBytes ? DensePrecision.All : [DensePrecision.Fp32],
        };
    }

    /// <summary>The knobs of a space for a model: those of the default space with the ones that the description sets.</summary>
    /// <remarks>Representations that a model cannot have are left out, since a space is written for many; only where none remains are they refused.</remarks>
    public static SpaceKnobs Of(SpaceDescription space, ModelCard card, Cpu cpu, long memoryLimitBytes)
    {
        ArgumentNullException.ThrowIfNull(space);
        var knobs = Default(card, cpu, memoryLimitBytes);
        foreach (var (name, values) in space.Knobs.OrderBy(knob => knob.Key, StringComparer.Ordinal))
        {
            if (card.Graph is not null && name is "dense-precision" or "graph")
            {
                // The layers of a user's graph are left as they are.
                continue;
            }

            var possible = name == "representation" ? CommaList.Split(values).Where(text => CanHave(card, text, $"space {space.Name}: representation")).ToArray() : [values];
            knobs = knobs.With($"{name}={(possible.Length > 0 ? string.Join(',', possible) : values)}", card, $"space {space.Name}");
        }

        return knobs;
    }

    /// <summary>These knobs with one set anew.</summary>
    /// <param name="setting"><c>name=value,value</c></param>
    /// <exception cref="InvalidInputException">An unknown name or value, or a representation that the model cannot have.</exception>
    public SpaceKnobs With(string setting, ModelCard card) => With(setting, card, Flag);

    private SpaceKnobs With(string setting, ModelCard card, string place)
    {
        ArgumentNullException.ThrowIfNull(setting);
        ArgumentNullException.ThrowIfNull(card);
        var equals = setting.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1 || equals == setting.Length - 1)
        {
            throw new InvalidInputException(place, $"found '{setting}', expected knob=value,value", "knobs: " + string.Join(", ", Names));
        }

        var (name, values) = (setting[..equals], CommaList.Split(setting[(equals + 1)..]));
        return name switch
        {
            "representation" => this with { Representations = [.. values.Select(text => Represented(text, card, place)).Distinct()] },
            "table-precision" => this with { TablePrecisions = [.. values.Select(text => Named(place, name, text, Domain.TablePrecisions.All, p => p.Name())).Distinct()] },
            "placement" => this with { Placements = [.. values.Select(text => Named(place, name, text, TablePlacement.All, p => p)).Distinct()] },
            "dense-precision" => this with { DensePrecisions = [.. values.Select(text => Named(place, name, text, DensePrecision.All, p => p)).Distinct()] },
            "graph" when values is ["all"] => this with { GraphVariants = ModelGraph.Variants(card) },
            "graph" => this with { GraphVariants = [.. values.Select(text => Named(place, name, text, ModelGraph.Variants(card), v => v)).Distinct()] },
            "instances" => this with { Instances = Counts() },
            "threads" => this with { Threads = Counts() },
            "pinned" => this with { Pinned = [.. values.Select(text => Named(place, name, text, YesAndNo, yes => yes ? "true" : "false")).Distinct()] },
            "cache" => this with { CacheBytes = [.. values.Select(text => Size(place, text)).Distinct().Order()], CacheAsked = place == Flag },
            "centroids" => this with { Centroids = [.. values.Select(text => CentroidCount(place, text)).Distinct().Order()], CentroidsAsked = place == Flag },
            "batch" => this with { Batches = Counts() },
            "split" => this with { Splits = Counts() },
            "max-batch" => this with { MaxBatches = Counts() },
            _ => throw new InvalidInputException(place, "knob: " + Spelling.Unknown(name, Names)),
        };

        int[] Counts() => [.. values.Select(text => Count(place, name, text)).Distinct().Order()];
    }

    private static bool CanHave(ModelCard card, string text, string place)
    {
        // A name that nobody knows is a slip, not something that this model cannot have.
        var representation = RepresentationCatalog.Parse(text, place);
        try
        {
            _ = RepresentationCatalog.Design(card, representation);
            return true;
        }
        catch (InvalidInputException)
        {
            return false;
        }
    }

    /// <summary>Refused here rather than when it is loaded, if the model cannot be represented so.</summary>
    private static Representation Represented(string text, ModelCard card, string place) =>
        RepresentationCatalog.Design(card, RepresentationCatalog.Parse(text, $"{place} representation")).Representation;

    private static T Named<T>(string place, string knob, string text, IReadOnlyList<T> choices, Func<T, string> nameOf)
    {
        foreach (var choice in choices)
        {
            if (nameOf(choice) == text)
            {
                return choice;
            }
        }

        throw new InvalidInputException($"{place} {knob}", Spelling.Unknown(text, [.. choices.Select(nameOf)]));
    }

    private static long Size(string place, string text)
    {
        if (text == "0")
        {
            return 0;
        }

        return ByteSize.TryParse(text, out var size, out var problem) && size.Bytes > 0
            ? size.Bytes
            : throw new InvalidInputException($"{place} cache", problem.Length > 0 ? problem : $"found '{text}', expected a size with a unit, such as 16MiB", "write 0 for no cache");
    }

    private static int CentroidCount(string place, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= Configuration.MostCentroids
            ? count
            : throw new InvalidInputException($"{place} centroids", $"found '{text}', expected a whole number from 1 to {Configuration.MostCentroids}, such as 256", "write 0 to decode every id");

    private static int Count(string place, string knob, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1
            ? count
            : throw new InvalidInputException($"{place} {knob}", $"found '{text}', expected a whole number from 1");
}
