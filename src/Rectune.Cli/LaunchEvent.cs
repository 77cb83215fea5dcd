using Rectune.Core.Domain;

namespace Rectune.Cli;

/// <summary>What a measuring process says, a line of its standard output each: a measurement, a configuration that failed, progress, or that all is done.</summary>
internal sealed record LaunchEvent
{
    public MeasurementRow? Row { get; init; }

    /// <summary>Index in the request of a configuration that failed.</summary>
    public int? Failed { get; init; }

    public string? Why { get; init; }

    public string? Stage { get; init; }

    public int? Settled { get; init; }

    public double? RemainingSeconds { get; init; }

    /// <summary>The last line of a process that did all it was told.</summary>
    public bool? Done { get; init; }
}
