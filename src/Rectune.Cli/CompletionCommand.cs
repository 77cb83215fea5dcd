using System.CommandLine;
using Rectune.Core.Domain;

namespace Rectune.Cli;

/// <summary><c>rectune completion SHELL</c>: prints the script that completes command lines.</summary>
internal static class CompletionCommand
{
    public static CommandDescription Create()
    {
        var shell = new Argument<string>("shell") { Description = "One of " + string.Join(", ", CompletionScripts.Shells) };
        shell.CompletionSources.Add([.. CompletionScripts.Shells]);
        return new CommandDescription
        {
            Name = "completion",
            Summary = "Print the script that completes rectune's command lines in a shell.",
            Examples = ["eval \"$(rectune completion bash)\""],
            Arguments = [shell],
            Run = invocation => Run(invocation, invocation.Argument(shell)),
        };
    }

    private static int Run(Invocation invocation, string shell)
    {
        if (!CompletionScripts.Shells.Contains(shell))
        {
            throw new InvalidInputException(
                "shell",
                $"found '{shell}', expected one of {string.Join(", ", CompletionScripts.Shells)}",
                Spelling.Closest(shell, CompletionScripts.Shells) is { } close ? $"did you mean '{close}'?" : null);
        }

        var script = CompletionScripts.For(shell);
        invocation.Terminal.Json(new CompletionScript { Shell = shell, Script = script });
        if (!invocation.Terminal.Style.Json)
        {
            invocation.Terminal.Raw(script);
        }

        return ExitCodes.Done;
    }
}
