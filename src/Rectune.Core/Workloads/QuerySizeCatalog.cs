using Rectune.Core.Domain;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Rectune.Core.Workloads;

/// <summary>The query-size distributions by name.</summary>
public static class QuerySizeCatalog
{
    private const string FixedPrefix = "fixed:";

    private static readonly IQuerySizes[] Presets = [new DeepRecSysProductionSizes(), new LognormalSizes(), new MlperfDlrmSizes()];

    /// <summary>What may be asked for, default first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Presets.Select(preset => preset.Name), "fixed:N"];

    /// <summary>The sizes of a workload that was written down.</summary>
    /// <exception cref="InvalidInputException">An unknown name.</exception>
    public static IQuerySizes Of(Workload workload)
    {
        ArgumentNullException.ThrowIfNull(workload);
        return workload.SizeCounts is { } counts ? new EmpiricalSizes(workload.Sizes, counts)
            : TryParse(workload.Sizes, out var sizes, out var problem) ? sizes
            : throw new InvalidInputException("$.workload.sizes", problem, "plan again with this version");
    }

    /// <param name="problem">What was found and what was expected, with the closest name when one is close; empty on success.</param>
    public static bool TryParse(string name, [NotNullWhen(true)] out IQuerySizes? sizes, out string problem)
    {
        ArgumentNullException.ThrowIfNull(name);
        sizes = Array.Find(Presets, preset => preset.Name == name);
        problem = "";
        if (sizes is not null)
        {
            return true;
        }

        if (name.StartsWith(FixedPrefix, StringComparison.Ordinal))
        {
            if (int.TryParse(name.AsSpan(FixedPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var samples)
                && samples is >= 1 and <= FixedSizes.Largest)
            {
                sizes = new FixedSizes(samples);
                return true;
            }

            problem = $"found '{name}', expected fixed:N with N from 1 to {FixedSizes.Largest}";
            return false;
        }

        problem = Spelling.Unknown(name, Names);
        return false;
    }
}
