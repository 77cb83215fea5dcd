using System.CommandLine;
using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Planning;
using Rectune.Core.Units;

namespace Rectune.Cli;

/// <summary><c>rectune explain</c>: why a plan is as it is.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string> PlanFile = new("plan") { Description = "The plan, as written by rectune plan" };

    public static CommandDescription Create() => new()
    {
        Name = "explain",
        Summary = "Why this plan: what binds, what relaxing it would buy, and which paths come close; from the plan file alone.",
        Examples = ["rectune explain plan.json", "rectune explain plan.json --json"],
        Arguments = [PlanFile],
        Run = Run,
    };

    private static int Run(Invocation invocation)
    {
        var terminal = invocation.Terminal;
        var file = invocation.Argument(PlanFile);
        var plan = PlanFormat.Read(FileText.Read(file, "the plan"), file);
        terminal.Progress("simulating other targets");
        var explanation = PlanExplanation.Of(plan, sla => PlanSimulation.Of(plan, sla));
        terminal.EndProgress();
        terminal.Json(explanation);
        Print(terminal, plan, explanation);
        return ExitCodes.Done;
    }

    private static void Print(Terminal terminal, Plan plan, PlanExplanation explanation)
    {
        terminal.Result($"{plan.Model.Name} on {explanation.PathId}, {plan.Machines[0].Id}: {explanation.Why}");
        terminal.Result($"binds     {explanation.Binding}: {explanation.Because} (simulated)");
        terminal.Result("");
        var limits = Terminal.Table($"p{plan.Sla.Percentile.ToString(CultureInfo.InvariantCulture)} ≤ {plan.Sla.LimitMs.ToString(CultureInfo.InvariantCulture)} ms", "capacity of this path, queries/s", "change");
        Terminal.Row(limits, "as planned", PlanText.Interval(explanation.CapacityQps, "F0"), "");
        foreach (var limit in explanation.Limits)
        {
            Terminal.Row(limits, limit.Change, PlanText.Interval(limit.CapacityQps, "F0"), Change(limit.Gain, limit.WithinNoise));
        }

        terminal.Result(limits);
        if (explanation.Alternatives.Count == 0)
        {
            terminal.Result("no other path is on the frontier of goodput, quality and memory");
            return;
        }

        terminal.Result("");
        var others = Terminal.Table("other paths of the frontier", "promise, queries/s", "change", "memory", "why not");
        foreach (var other in explanation.Alternatives)
        {
            Terminal.Row(
                others,
                other.Path.PathId,
                PlanText.Interval(other.Path.PromiseQps, "F0"),
                Change(other.Gain, other.WithinNoise),
                $"{(other.MemoryBytes < 0 ? "−" : "+")}{new ByteSize(Math.Abs(other.MemoryBytes))}",
                other.Path.Why);
        }

        terminal.Result(others);
    }

    private static string Change(double gain, bool noise) =>
        string.Create(CultureInfo.InvariantCulture, $"{(gain < 0 ? "−" : "+")}{Math.Abs(gain):P1}{(noise ? ", within noise" : "")}");
}
