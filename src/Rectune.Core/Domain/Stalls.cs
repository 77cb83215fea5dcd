namespace Rectune.Core.Domain;

/// <summary>
/// Interruptions of runs by whatever else the machine does, while all instances are busy. They have a length of their own, whatever the run's: a long run is hit more often, not harder.
/// </summary>
public sealed record Stalls
{
    /// <summary>Interruptions for each second that an instance is busy.</summary>
    public required double PerBusySecond { get; init; }

    /// <summary>Time lost to one, microseconds, at evenly spaced probabilities from 0 to 1.</summary>
    public required IReadOnlyList<double> LengthUs { get; init; }
}
