namespace Rectune.Tests.House;

/// <summary>The floor of every room: a room uses only rooms on lower floors. The one place where the table is written.</summary>
internal static class Floors
{
    public static IReadOnlyDictionary<string, int> OfRoom { get; } = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["Rectune.Core.Units"] = 0,
        ["Rectune.Core.Numerics"] = 0,
        ["Rectune.Core.Domain"] = 1,
        ["Rectune.Core.Models"] = 2,
        ["Rectune.Core.Formats"] = 2,
        ["Rectune.Core.Workloads"] = 2,
        ["Rectune.Core.Fitness"] = 2,
        ["Rectune.Core.Onnx"] = 4,
        ["Rectune.Core.Representations"] = 3,
        ["Rectune.Core.CostModels"] = 3,
        ["Rectune.Core.Scheduling"] = 3,
        ["Rectune.Core.Simulation"] = 4,
        ["Rectune.Core.Search"] = 4,
        ["Rectune.Core.Planning"] = 5,
        ["Rectune.Engine.Hardware"] = 2,
        ["Rectune.Engine.Kernels"] = 3,
        ["Rectune.Engine.Import"] = 5,
        ["Rectune.Engine.Sessions"] = 5,
        ["Rectune.Engine.Data"] = 4,
        ["Rectune.Engine.Profiling"] = 6,
        ["Rectune.Engine.Limits"] = 5,
        ["Rectune.Engine.Load"] = 5,
        ["Rectune.Engine.Serving"] = 6,
        ["Rectune.Engine.Validation"] = 7,
        ["Rectune.Cli"] = 8,
    };

    /// <summary>Edges that the floors would allow and the design forbids, with the reason.</summary>
    public static IReadOnlyList<(string From, string To, string Why)> Forbidden { get; } =
    [
        ("Rectune.Engine.Serving", "Rectune.Core.Planning", "the plan file is the whole contract"),
        ("Rectune.Engine.Serving", "Rectune.Core.CostModels", "the plan file is the whole contract"),
        ("Rectune.Engine.Serving", "Rectune.Core.Search", "the plan file is the whole contract"),
        ("Rectune.Engine.Serving", "Rectune.Engine.Profiling", "a server measures nothing"),
    ];
}
