namespace Rectune.Core.Formats;

/// <summary>The text of one setting.</summary>
/// <param name="Text">As written, without quotes.</param>
/// <param name="Where"><c>rectune.json(3,14): $.budget</c>.</param>
public sealed record SettingText(string Text, string Where);
