namespace Rectune.Cli;

/// <summary>The setting that names a folder for mapped tables, the same on every command that loads paths.</summary>
internal static class TableSettings
{
    public static SettingOf<string> Folder { get; } = new(SettingKinds.Text)
    {
        Name = "tables",
        Metavar = "DIR",
        Description = "Folder of mapped tables: files that are missing are generated in it and kept",
        Otherwise = "none: paths with placement=mapped cannot be loaded",
    };

    /// <summary>Null where none is named.</summary>
    public static string? Of(SettingValues values) => values.TryGet(Folder, out var folder) ? folder : null;
}
