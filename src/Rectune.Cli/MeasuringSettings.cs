using Rectune.Core.Domain;
using Rectune.Core.Search;
using Rectune.Core.Units;
using Rectune.Core.Workloads;

namespace Rectune.Cli;

/// <summary>The settings that say what is measured, the same on every command that measures.</summary>
internal static class MeasuringSettings
{
    private static readonly SettingOf<string> Data = new(SettingKinds.Text)
    {
        Name = "data",
        Metavar = "FILE",
        Description = "Click log in Criteo format whose rows are replayed as candidates",
        Otherwise = "ids are drawn with --skew",
    };

    private static readonly SettingOf<SkewChoice> Skew = new(SkewChoice.Read)
    {
        Name = "skew",
        Metavar = "SKEW",
        Description = $"How unevenly ids are used: {string.Join(", ", SkewText.Names)}; uniform is the worst case for caches, a trace is a text file of one table's ids, 'default' takes the model card's",
        Default = "default",
        Suggestions = ["default", .. SkewText.Names],
    };

    private static readonly SettingOf<ByteSize> MemoryMax = new(SettingKinds.Size)
    {
        Name = "memory-max",
        Metavar = "SIZE",
        Description = "Most memory a path may take",
        Otherwise = "what the machine has free",
    };

    private static readonly SettingOf<ulong> Seed = new(SettingKinds.Seed)
    {
        Name = "seed",
        Metavar = "N",
        Description = "Seed of weights, candidates, schedules and simulation",
        Default = "1",
    };

    private static readonly SettingOf<IReadOnlyList<string>> Knobs = new(SettingKinds.Knobs)
    {
        Name = "set",
        Metavar = "KNOB=VALUES",
        Description = $"Narrow or widen what is searched: {string.Join(", ", SpaceKnobs.Names)}; may be given several times",
        Many = true,
        Otherwise = "the space's",
    };

    private static readonly SettingOf<string> Space = new(SettingKinds.Text)
    {
        Name = "space",
        Metavar = "NAME|FILE",
        Description = "What is searched: a built-in space (rectune spaces) or a file (.json); --set changes single knobs of it",
        Default = Spaces.Default,
        Suggestions = Spaces.Names,
    };

    private static readonly SettingOf<int> LaunchCount = new(SettingKinds.CountUpTo(100))
    {
        Name = "launches",
        Metavar = "N",
        Description = "Processes that measuring is spread over; intervals then hold for the next process too",
        Default = "3",
    };

    private static readonly SettingOf<bool> Strict = SettingKinds.Off("strict", "Refuse a machine that is unfit for measuring instead of warning of it");

    public static IReadOnlyList<Setting> All { get; } = [Skew, Data, MemoryMax, Seed, Space, Knobs, LaunchCount, Strict];

    /// <summary>Those of them that decide what a plan is, not only whether it is made.</summary>
    public static IReadOnlyList<Setting> Shaping { get; } = [Skew, Data, MemoryMax, Seed, Space, Knobs, LaunchCount];

    public static bool StrictOf(SettingValues values) => values.Get(Strict);

    public static int LaunchesOf(SettingValues values) => values.Get(LaunchCount);

    public static SpaceDescription SpaceOf(SettingValues values)
    {
        var name = values.Get(Space);
        return name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? Spaces.Read(FileText.Read(name, "the search space"), name) : Spaces.Named(name, values.Of(Space).Where);
    }

    /// <summary>What a space and the knobs set beside it come to for a model on a machine.</summary>
    public static SpaceKnobs KnobsFor(SpaceDescription space, IReadOnlyList<string> knobs, ModelCard card, Machine machine, long memoryLimitBytes)
    {
        ArgumentNullException.ThrowIfNull(knobs);
        ArgumentNullException.ThrowIfNull(machine);
        return knobs.Aggregate(SpaceKnobs.Of(space, card, machine.Cpu, memoryLimitBytes), (all, knob) => all.With(knob, card));
    }

    /// <summary>The space and the knobs as a command line has them, with a space before each; empty where both are the default.</summary>
    public static string SpaceArguments(SettingValues values)
    {
        var name = values.Get(Space);
        return (name == Spaces.Default ? "" : $" --space {name}") + string.Concat(KnobsOf(values).Select(knob => $" --set {knob}"));
    }

    public static string? DataOf(SettingValues values) => values.TryGet(Data, out var data) ? data : null;

    public static ByteSize? MemoryMaxOf(SettingValues values) => values.TryGet(MemoryMax, out var memory) ? memory : null;

    public static ulong SeedOf(SettingValues values) => values.Get(Seed);

    public static IReadOnlyList<string> KnobsOf(SettingValues values) => values.TryGet(Knobs, out var knobs) ? knobs : [];

    /// <summary>Null takes the card's, or that of the data.</summary>
    public static IndexSkew? SkewOf(SettingValues values)
    {
        var asked = values.Get(Skew).Skew;
        return asked is null || !values.TryGet(Data, out var data)
            ? asked
            : throw new InvalidInputException(
                values.Of(Skew).Where, $"found '{values.Of(Skew).Text}' beside the click log {data}, whose rows bring their own skew", "leave out --skew or --data");
    }
}
