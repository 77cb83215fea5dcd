using System.CommandLine;
using Rectune.Core.Domain;

namespace Rectune.Cli;

/// <summary>Says what is wrong with a command line, with the word that was probably meant.</summary>
internal static class UsageProblems
{
    public static IReadOnlyList<InputProblem> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var name = command is RootCommand ? "rectune" : $"rectune {command.Name}";
        var problems = new List<InputProblem>();
        for (var i = 0; i < parsed.UnmatchedTokens.Count; i++)
        {
            var token = parsed.UnmatchedTokens[i];

            // A word behind an unknown option is taken for its value.
            if (i == 0 || token.StartsWith('-') || !parsed.UnmatchedTokens[i - 1].StartsWith('-') || parsed.UnmatchedTokens[i - 1].Contains('=', StringComparison.Ordinal))
            {
                problems.Add(Unmatched(token, command, name));
            }
        }

        if (command is RootCommand && problems.Count == 0)
        {
            return [new InputProblem(name, "no command given", $"one of {string.Join(", ", command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))}; see {name} --help")];
        }

        foreach (var error in parsed.Errors.Select(e => e.Message))
        {
            // Both only repeat what the unmatched words already say.
            if (parsed.UnmatchedTokens.Any(t => error.Contains($"'{t}'", StringComparison.Ordinal))
                || (parsed.UnmatchedTokens.Count > 0 && command.Subcommands.Count > 0))
            {
                continue;
            }

            problems.Add(new InputProblem(name, error.TrimEnd('.'), $"see {name} --help"));
        }

        return problems;
    }

    private static InputProblem Unmatched(string token, Command command, string name)
    {
        if (token.StartsWith('-'))
        {
            var flag = token.Split('=')[0];
            var known = command.Options.Concat(command.Parents.OfType<Command>().SelectMany(p => p.Options.Where(o => o.Recursive))).Select(o => o.Name);
            return new InputProblem(flag, $"not an option of {name}", Advice(flag, known, name));
        }

        return command.Subcommands.Count > 0
            ? new InputProblem(token, "not a command of rectune", Advice(token, command.Subcommands.Select(c => c.Name), name))
            : new InputProblem(token, $"{name} takes no such argument", $"see {name} --help");
    }

    private static string Advice(string word, IEnumerable<string> known, string name) =>
        Spelling.Closest(word, known) is { } close ? $"did you mean '{close}'?" : $"see {name} --help";
}
