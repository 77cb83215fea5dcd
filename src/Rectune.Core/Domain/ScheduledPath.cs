namespace Rectune.Core.Domain;

/// <summary>A path as the scheduler weighs it against others.</summary>
public sealed record ScheduledPath
{
    /// <summary><see cref="ServingPath.Id"/>.</summary>
    public required string Id { get; init; }

    /// <summary>Paths of one device share its line and its instances.</summary>
    public required string Device { get; init; }

    /// <summary>Of the device.</summary>
    public required int Instances { get; init; }

    /// <summary>Most samples that one run takes.</summary>
    public required int MaxBatch { get; init; }

    /// <summary>Of the answers, in the plan's metric; null where it is unknown.</summary>
    public double? Quality { get; init; }

    /// <summary>What runs are taken to need at most when they are weighed against deadlines, in ascending batch order.</summary>
    public required IReadOnlyList<PlannedTime> Planned { get; init; }

    /// <summary>What a run takes on average over that, 0 to 1.</summary>
    public required double TypicalShare { get; init; }
}
