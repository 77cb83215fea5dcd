using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Units;

namespace Rectune.Core.Fitness;

/// <summary>Every check of a machine's fitness.</summary>
public static class FitnessChecks
{
    /// <summary>A twentieth of the machine in other hands moves medians by about as much.</summary>
    private const double MostOtherLoad = 0.05;

    private const double MostSteal = 0.02;

    /// <summary>A quiet machine has 1.0 to 1.1.</summary>
    private const double LargestTailRatio = 1.5;

    private static readonly Check[] All =
    [
        new Check("governor", "set the performance governor: cpupower frequency-set -g performance", facts =>
            facts.Governors is { } governors && governors.Any(governor => governor != "performance") ? $"cores run under the governor {string.Join(", ", governors)}" : null),
        new Check("other-load", "end or move what else runs here", facts =>
            facts.OtherLoadShare > MostOtherLoad ? Text($"other processes take {facts.OtherLoadShare:P0} of the cores, more than {MostOtherLoad:P0}") : null),
        new Check("steal", "use a machine with cores of its own", facts =>
            facts.StealShare > MostSteal ? Text($"the hypervisor gave {facts.StealShare:P1} of the cores' time to others, more than {MostSteal:P0}") : null),
        new Check("noise", "wait for a quieter minute", facts =>
            facts.TailRatio > LargestTailRatio ? Text($"one run in a hundred of a fixed piece of work takes {facts.TailRatio:F1} times the median, more than {LargestTailRatio}") : null),
        new Check("swap", "free memory", facts => facts.SwapBytes > 0 ? $"{new ByteSize(facts.SwapBytes.Value)} lie in swap" : null),
        new Check("throttling", "let the machine cool down", facts => facts.ThrottleCount > 0 ? Text($"cores were slowed for their heat {facts.ThrottleCount} times since the start") : null),
    ];

    public static IEnumerable<QualityWarning> Look(FitnessFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return from check in All
               let seen = check.Look(facts)
               where seen is not null
               select new QualityWarning { Kind = check.Kind, What = seen, Advice = check.Advice };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Check(string Kind, string Advice, Func<FitnessFacts, string?> Look);
}
