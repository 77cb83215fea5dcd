using Rectune.Core.Domain;
using System.Diagnostics.CodeAnalysis;

namespace Rectune.Core.Workloads;

/// <summary>The arrival processes by name.</summary>
public static class ArrivalCatalog
{
    private static readonly IArrivals[] Processes = [new PoissonArrivals()];

    /// <summary>What may be asked for, default first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Processes.Select(process => process.Name)];

    /// <param name="problem">What was found and what was expected, with the closest name when one is close; empty on success.</param>
    public static bool TryParse(string name, [NotNullWhen(true)] out IArrivals? arrivals, out string problem)
    {
        ArgumentNullException.ThrowIfNull(name);
        arrivals = Array.Find(Processes, process => process.Name == name);
        problem = arrivals is null ? Spelling.Unknown(name, Names) : "";
        return arrivals is not null;
    }
}
