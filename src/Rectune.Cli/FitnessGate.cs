using Rectune.Core.Domain;
using Rectune.Core.Fitness;
using Rectune.Engine.Profiling;

namespace Rectune.Cli;

/// <summary>Looks at the machine before something is measured on it.</summary>
internal static class FitnessGate
{
    /// <summary>What makes the machine unfit, said as warnings.</summary>
    /// <exception cref="MissingResourceException">Something does, and <paramref name="strict"/> is asked for.</exception>
    public static IReadOnlyList<QualityWarning> Pass(Machine machine, bool strict, Terminal terminal, Wiring wiring)
    {
        ArgumentNullException.ThrowIfNull(machine);
        terminal.Progress("looking at the machine");
        var facts = new FitnessProbe(wiring.Time, wiring.Files).Measure(machine.Cpu.Cores, wiring.Cancellation);
        terminal.EndProgress();
        QualityWarning[] found = [.. FitnessChecks.Look(facts)];
        if (strict && found.Length > 0)
        {
            throw new MissingResourceException(
                $"The machine is unfit for measuring: {string.Join("; ", found.Select(warning => $"{warning.Kind}: {warning.What}"))}.",
                $"To mend it: {string.Join("; ", found.Select(warning => warning.Advice))}. Or measure all the same without --strict.");
        }

        foreach (var warning in found)
        {
            terminal.Warning($"{warning.Kind}: {warning.What}; {warning.Advice}");
        }

        return found;
    }
}
