using System.CommandLine;
using Rectune.Core.Planning;

namespace Rectune.Cli;

/// <summary><c>rectune diff</c>: two plans side by side.</summary>
internal static class DiffCommand
{
    private static readonly Argument<string> First = new("first") { Description = "A plan" };

    private static readonly Argument<string> Second = new("second") { Description = "Another plan" };

    private static readonly SettingOf<bool> All = SettingKinds.Off("all", "Show what is the same as well");

    public static CommandDescription Create() => new()
    {
        Name = "diff",
        Summary = "Two plans side by side: what differs, and which differences are within noise.",
        Examples = ["rectune diff plan.json other.json", "rectune diff plan.json other.json --all --json"],
        Arguments = [First, Second],
        Settings = [All],
        Run = Run,
    };

    private static int Run(Invocation invocation)
    {
        var terminal = invocation.Terminal;
        var (first, second) = (invocation.Argument(First), invocation.Argument(Second));
        var lines = PlanDifference.Between(LoadedPlan.Read(first), LoadedPlan.Read(second)).Where(line => invocation.Values.Get(All) || !line.Same).ToArray();
        terminal.Json(new DifferenceReport { Lines = lines });
        if (lines.Length == 0)
        {
            terminal.Result("no difference");
            return ExitCodes.Done;
        }

        var table = Terminal.Table("", first, second, "change");
        foreach (var line in lines)
        {
            Terminal.Row(table, line.Name, line.Left ?? "-", line.Right ?? "-", line.Change is { } change and not 0 ? PlanText.Change(change, line.WithinNoise) : "");
        }

        terminal.Result(table);
        return ExitCodes.Done;
    }
}
