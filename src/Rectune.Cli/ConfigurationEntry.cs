namespace Rectune.Cli;

/// <summary>One setting as <c>--show-config</c> tells it.</summary>
internal sealed record ConfigurationEntry
{
    public required string Name { get; init; }

    public required string Flag { get; init; }

    public required string Variable { get; init; }

    /// <summary>Null when not set.</summary>
    public string? Value { get; init; }

    public required SettingSource Source { get; init; }

    /// <summary>The flag, the variable, the place in the file, or what holds without a value.</summary>
    public required string Where { get; init; }
}
