using Rectune.Core.Domain;
using Rectune.Core.Formats;

namespace Rectune.Cli;

/// <summary>Finds the value of each setting: flag over environment over <c>./rectune.json</c> over built in.</summary>
/// <param name="environment">Variables by name.</param>
/// <param name="folder">Where <c>rectune.json</c> is looked for.</param>
/// <param name="known">Every setting of the program: the file is shared by its commands.</param>
internal sealed class ConfigurationSources(IReadOnlyDictionary<string, string> environment, string folder, IReadOnlyCollection<Setting> known)
{
    public const string FileName = "rectune.json";

    private const string VariablePrefix = "RECTUNE_";

    /// <summary>The variables of this process.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
#pragma warning disable RS0030 // The one place that reads the environment.
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
#pragma warning restore RS0030
        {
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        }

        return variables;
    }

    /// <summary>
    /// The value that holds for each of <paramref name="settings"/>. Throws <see cref="InvalidInputException"/> with every bad value, whatever its source,
    /// and every required setting without one.
    /// </summary>
    /// <param name="settings">Of one command.</param>
    /// <param name="flags">Values given on the command line; none when the flag is absent.</param>
    /// <param name="allowMissing">Leaves required settings without a value, to show them.</param>
    public SettingValues Resolve(IReadOnlyList<Setting> settings, Func<Setting, IReadOnlyList<string>> flags, bool allowMissing = false)
    {
        var problems = new List<InputProblem>();
        var file = ReadFile(problems);
        var effective = new List<EffectiveSetting>(settings.Count);
        foreach (var setting in settings)
        {
            var given = flags(setting);
            if (given.Count > 1 && !setting.Many)
            {
                problems.Add(new InputProblem(setting.Flag, $"found {given.Count} values, expected one"));
            }

            var (text, source, where) = Find(setting, given, file);
            object? value = null;
            if (text is not null)
            {
                problems.AddRange(setting.Read(text, out value).Select(p => new InputProblem(where, p)));
            }
            else if (setting.Required && !allowMissing)
            {
                var ways = $"give {setting.Flag} {setting.Metavar}, {setting.Variable} or \"{setting.Key}\" in {FileName}";
                problems.Add(new InputProblem(setting.Flag, "a value is required", ways));
            }

            effective.Add(new EffectiveSetting(setting, text, value, source, where));
        }

        return problems.Count == 0 ? new SettingValues(effective) : throw new InvalidInputException(problems);
    }

    /// <summary>Variables that look like misspelt settings, each with the one that was probably meant.</summary>
    public IEnumerable<string> Misspelt()
    {
        var names = known.Select(s => s.Variable).ToHashSet(StringComparer.Ordinal);
        var strangers = environment.Keys.Where(k => k.StartsWith(VariablePrefix, StringComparison.Ordinal) && !names.Contains(k));
        foreach (var name in strangers.Order(StringComparer.Ordinal))
        {
            // The common prefix would make any two names look alike.
            if (Spelling.Closest(name[VariablePrefix.Length..], names.Select(n => n[VariablePrefix.Length..])) is { } close)
            {
                yield return $"{name} is not a setting and is ignored; did you mean {VariablePrefix}{close}?";
            }
        }
    }

    private (string? Text, SettingSource Source, string Where) Find(
        Setting setting, IReadOnlyList<string> given, IReadOnlyDictionary<string, SettingText> file)
    {
        if (given.Count > 0)
        {
            return (string.Join(',', given), SettingSource.Flag, setting.Flag);
        }

        if (environment.TryGetValue(setting.Variable, out var variable))
        {
            return (variable, SettingSource.Environment, setting.Variable);
        }

        if (file.TryGetValue(setting.Key, out var entry))
        {
            return (entry.Text, SettingSource.File, entry.Where);
        }

        return setting.Default is { } text ? (text, SettingSource.BuiltIn, "built in") : (null, SettingSource.NotSet, setting.Otherwise ?? "not set");
    }

    private IReadOnlyDictionary<string, SettingText> ReadFile(List<InputProblem> problems)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return new Dictionary<string, SettingText>();
        }

        try
        {
            return SettingsFormat.Read(FileText.Read(path, "the settings file"), FileName, [.. known.Select(s => s.Key)]);
        }
        catch (InvalidInputException e)
        {
            problems.AddRange(e.Problems);
            return new Dictionary<string, SettingText>();
        }
    }
}
