using Spectre.Console;

namespace Rectune.Cli;

/// <summary>The answer of <c>--show-config</c>.</summary>
internal sealed record ConfigurationView
{
    public required IReadOnlyList<ConfigurationEntry> Settings { get; init; }

    public static ConfigurationView Of(SettingValues values) => new()
    {
        Settings =
        [
            .. values.All.Select(e => new ConfigurationEntry
            {
                Name = e.Setting.Key, Flag = e.Setting.Flag, Variable = e.Setting.Variable, Value = e.Text, Source = e.Source, Where = e.Where,
            }),
        ],
    };

    public void Show(Terminal terminal)
    {
        terminal.Json(this);
        var table = Terminal.Table("setting", "value", "source");
        foreach (var entry in Settings)
        {
            table.AddRow(new Text(entry.Flag), new Text(entry.Value ?? "-"), new Text(entry.Where));
        }

        terminal.Result(table);
    }
}
