using System.CommandLine;

namespace Rectune.Cli;

/// <summary>The options that every command has.</summary>
internal sealed class GlobalOptions
{
    private readonly Option<bool> json = Switch("--json", "Print the result as JSON on stdout, and nothing else there");
    private readonly Option<bool> quiet = Switch("--quiet", "Print no messages and no progress");
    private readonly Option<bool> verbose = Switch("--verbose", "Print details as well");

    public void AddTo(Command root)
    {
        root.Add(json);
        root.Add(quiet);
        root.Add(verbose);
    }

    public Terminal Terminal(ParseResult parsed, Wiring wiring) =>
        new(wiring.Output, wiring.Error, wiring.Style(parsed.GetValue(json), parsed.GetValue(quiet), parsed.GetValue(verbose)), wiring.Time);

    private static Option<bool> Switch(string name, string description) =>
        new(name) { Description = description, Recursive = true, Arity = ArgumentArity.Zero };
}
