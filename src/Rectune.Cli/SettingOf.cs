namespace Rectune.Cli;

/// <summary>A setting with the type of its value.</summary>
internal sealed class SettingOf<T>(SettingParser<T> parse) : Setting
    where T : notnull
{
    public override IReadOnlyList<string> Read(string text, out object? value)
    {
        var problems = parse(text, out var parsed);
        value = problems.Count == 0 ? parsed : null;
        return problems;
    }
}
