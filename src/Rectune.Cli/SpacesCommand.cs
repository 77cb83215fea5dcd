using Rectune.Core.Domain;
using Rectune.Core.Search;
using Spectre.Console;

namespace Rectune.Cli;

/// <summary><c>rectune spaces</c>: the built-in search spaces and what they are for.</summary>
internal static class SpacesCommand
{
    public static CommandDescription Create() => new()
    {
        Name = "spaces",
        Summary = "List the built-in search spaces: what varies in each, and why.",
        Examples = ["rectune spaces", "rectune spaces --json", "rectune plan --model dlrm --space quick --dry-run"],
        Run = Run,
    };

    private static int Run(Invocation invocation)
    {
        SpaceDescription[] spaces = [.. Spaces.Names.Select(name => Spaces.Named(name, "spaces"))];
        invocation.Terminal.Json(new SpaceList { Spaces = spaces });
        var table = Terminal.Table("space", "sets", "why");
        foreach (var space in spaces)
        {
            var knobs = space.Knobs.Count == 0 ? "nothing" : string.Join(" ", space.Knobs.Select(knob => $"{knob.Key}={knob.Value}"));
            table.AddRow(new Text(space.Name), new Text(knobs), new Text(space.Why));
        }

        invocation.Terminal.Result(table);
        return ExitCodes.Done;
    }
}
