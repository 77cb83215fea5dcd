using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Rectune.Cli;

/// <summary>Help, followed by the command's examples.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        IReadOnlyList<string> examples = parseResult.CommandResult.Command is RunnableCommand command ? command.Examples : RectuneApp.Examples;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(examples.Count == 1 ? "Example:" : "Examples:");
        foreach (var example in examples)
        {
            output.WriteLine("  " + example);
        }

        return ExitCodes.Done;
    }
}
