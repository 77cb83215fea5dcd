namespace Rectune.Core.Domain;

/// <summary>What a run is planned to take.</summary>
public sealed record PlannedTime
{
    /// <summary>Samples of the run.</summary>
    public required int Batch { get; init; }

    /// <summary>Microseconds.</summary>
    public required double Us { get; init; }
}
