namespace Rectune.Cli;

/// <summary>A setting with the value that holds.</summary>
/// <param name="Setting">What is set.</param>
/// <param name="Text">As it was written; null when not set.</param>
/// <param name="Value">As it was read; null when not set.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Where"><c>--budget</c>, <c>RECTUNE_BUDGET</c>, <c>rectune.json(3,14): $.budget</c>, or <c>built in</c>.</param>
internal sealed record EffectiveSetting(Setting Setting, string? Text, object? Value, SettingSource Source, string Where);
