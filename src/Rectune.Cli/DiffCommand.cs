using System.CommandLine;
using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
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
        var lines = PlanDifference.Between(Read(first), Read(second)).Where(line => invocation.Values.Get(All) || !line.Same).ToArray();
        terminal.Json(new DifferenceReport { Lines = lines });
        if (lines.Length == 0)
        {
            terminal.Result("no difference");
            return ExitCodes.Done;
        }

        var table = Terminal.Table("", first, second, "change");
        foreach (var line in lines)
        {
            Terminal.Row(table, line.Name, line.Left ?? "-", line.Right ?? "-", Change(line));
        }

        terminal.Result(table);
        return ExitCodes.Done;
    }

    private static Plan Read(string file) => PlanFormat.Read(FileText.Read(file, "the plan"), file);

    private static string Change(PlanDifference line) => line.Change is not { } change || change == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{(change < 0 ? "−" : "+")}{Math.Abs(change):P1}{(line.WithinNoise ? ", within noise" : "")}");
}
