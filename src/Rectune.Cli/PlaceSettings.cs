using Rectune.Engine.Hardware;
using Rectune.Engine.Kernels;

namespace Rectune.Cli;

/// <summary>The settings that say where in the machine a plan is served.</summary>
internal static class PlaceSettings
{
    private const string Auto = "auto";
    private const string Off = "off";

    private static readonly SettingOf<IReadOnlyList<int>> Pin = new(Cores)
    {
        Name = "pin",
        Metavar = "CORES",
        Description = "Cores for the instances, taken in this order, one for each of their threads, such as 2-5,8; all other threads keep to the cores that are left, if any are",
        Otherwise = "instances divide all cores, as the plan was measured",
    };

    private static readonly SettingOf<string> HugePages = new(SettingKinds.OneOf(Auto, Off))
    {
        Name = "huge-pages",
        Metavar = "auto|off",
        Description = "Tables in memory lie in huge pages as far as the system has them, or in none",
        Default = Auto,
        Suggestions = [Auto, Off],
    };

    public static IReadOnlyList<Setting> All { get; } = [Pin, HugePages];

    public static ServingPlace Of(SettingValues values, SystemFiles files) =>
        new(values.TryGet(Pin, out var cores) ? cores : null, values.Get(HugePages) == Auto, files);

    private static IReadOnlyList<string> Cores(string text, out IReadOnlyList<int> value) => CoreListText.TryParse(text, out value, out var problem) ? [] : [problem];
}
