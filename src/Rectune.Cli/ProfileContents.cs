namespace Rectune.Cli;

/// <summary>What a profile holds: the answer of <c>rectune profile --verify --json</c>.</summary>
internal sealed record ProfileContents
{
    public required string Profile { get; init; }

    /// <summary>Null where only a journal was given.</summary>
    public string? Machine { get; init; }

    public required int Measurements { get; init; }

    public required int Failures { get; init; }

    public required int Models { get; init; }

    public required bool TornLastLine { get; init; }

    /// <summary>Date of the earliest measurement, UTC.</summary>
    public string? First { get; init; }

    /// <summary>Date of the latest measurement, UTC.</summary>
    public string? Last { get; init; }
}
