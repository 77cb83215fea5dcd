namespace Rectune.Cli;

/// <summary>Reads the text of a setting; returns what is wrong with it, nothing when <paramref name="value"/> holds.</summary>
internal delegate IReadOnlyList<string> SettingParser<T>(string text, out T value);
