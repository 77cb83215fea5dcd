using System.Buffers;
using Rectune.Core.Domain;

namespace Rectune.Cli;

/// <summary>What <c>rectune plan</c> was told, as a plan records it: the text of every setting that shapes a plan, by its name in <c>rectune.json</c>, wherever it came from.</summary>
internal static class PlanArguments
{
    /// <summary>Characters that no shell takes for its own.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._+=:,/@%");

    /// <summary>Values that are built in are recorded as well: another version may have others.</summary>
    public static IReadOnlyDictionary<string, string> Of(SettingValues values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return PlanCommand.Shaping.Select(values.Of).Where(value => value.Text is not null).ToDictionary(value => value.Setting.Key, value => value.Text!, StringComparer.Ordinal);
    }

    /// <summary>The settings as the command had them; what the plan does not name has its built-in value.</summary>
    /// <exception cref="InvalidInputException">Values that this version does not know; all are listed.</exception>
    public static SettingValues Read(IReadOnlyDictionary<string, string> asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var problems = new List<InputProblem>();
        var effective = new List<EffectiveSetting>();
        foreach (var setting in PlanCommand.Shaping)
        {
            var text = asked.GetValueOrDefault(setting.Key) ?? setting.Default;
            var where = $"the plan: $.asked.{setting.Key}";
            object? value = null;
            if (text is not null)
            {
                problems.AddRange(setting.Read(text, out value).Select(problem => new InputProblem(where, problem)));
            }

            effective.Add(new EffectiveSetting(setting, text, value, SettingSource.File, where));
        }

        return problems.Count == 0 ? new SettingValues(effective) : throw new InvalidInputException(problems);
    }

    /// <summary>The command, without what is built in.</summary>
    public static string CommandLine(IReadOnlyDictionary<string, string> asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        List<string> words = ["rectune plan"];
        foreach (var setting in PlanCommand.Shaping)
        {
            if (!asked.TryGetValue(setting.Key, out var text) || text == setting.Default)
            {
                continue;
            }

            words.Add(setting.Flag);
            if (setting.Metavar is not null)
            {
                words.Add(Quoted(text));
            }
        }

        return string.Join(' ', words);
    }

    private static string Quoted(string text) => text.AsSpan().ContainsAnyExcept(Plain) ? $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'" : text;
}
