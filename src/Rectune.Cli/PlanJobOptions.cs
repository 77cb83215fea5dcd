using Rectune.Core.Domain;
using Rectune.Core.Search;
using Rectune.Core.Units;

namespace Rectune.Cli;

/// <summary>What <c>rectune plan</c> was told, every value resolved.</summary>
internal sealed record PlanJobOptions
{
    public required ModelChoice Model { get; init; }

    /// <summary>Null takes the card's own.</summary>
    public Sla? Sla { get; init; }

    public double? Qps { get; init; }

    public string? Objective { get; init; }

    /// <summary>Least quality in a card's metric; null for any.</summary>
    public Func<ModelCard, double?> QualityMin { get; init; } = _ => null;

    /// <summary>By kind or identity of a representation.</summary>
    public IReadOnlyDictionary<string, double> Qualities { get; init; } = new Dictionary<string, double>();

    public ByteSize? MemoryMax { get; init; }

    public required QueryLoad Load { get; init; }

    public string? DataFile { get; init; }

    /// <summary>Null takes the card's own.</summary>
    public IndexSkew? Skew { get; init; }

    public IReadOnlyList<string> Profiles { get; init; } = [];

    public required SpaceDescription Space { get; init; }

    /// <summary><c>knob=values</c>, in the order given.</summary>
    public IReadOnlyList<string> Knobs { get; init; } = [];

    /// <summary>Where mapped tables lie; null for nowhere.</summary>
    public string? TableFolder { get; init; }

    public required Duration Budget { get; init; }

    public required ulong Seed { get; init; }

    public bool Lossy { get; init; }

    public bool Offline { get; init; }

    /// <summary>Measurements are looked for in <see cref="Profiles"/> alone.</summary>
    public bool OnlyNamedProfiles { get; init; }

    /// <summary>Measure everything anew, whatever is known.</summary>
    public bool NoCache { get; init; }

    /// <summary>Time the graphs' operators as well.</summary>
    public bool Operators { get; init; }

    /// <summary>How it is chosen what is measured, where time is too short for all.</summary>
    public string Search { get; init; } = SearchStrategies.Improvement;

    /// <summary>How measuring processes are started; null measures in this one.</summary>
    public LaunchProgram? Launching { get; init; }

    /// <summary>Processes that measuring is spread over.</summary>
    public required int Launches { get; init; }

    /// <summary>What the command was told, for the plan to record; null where no plan is made.</summary>
    public IReadOnlyDictionary<string, string>? Asked { get; init; }

    /// <summary>Where the plan is written.</summary>
    public required string Out { get; init; }
}
