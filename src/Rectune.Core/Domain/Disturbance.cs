namespace Rectune.Core.Domain;

/// <summary>What happened to a measurement from outside. A counter that this machine does not have is null, not zero.</summary>
public sealed record Disturbance
{
    /// <summary>Time that the hypervisor gave to others, all cores, milliseconds.</summary>
    public double? StealMs { get; init; }

    /// <summary>Time that the measuring threads waited for a core, milliseconds.</summary>
    public double? RunQueueDelayMs { get; init; }

    public long? InvoluntarySwitches { get; init; }

    public long? MinorFaults { get; init; }

    public long? MajorFaults { get; init; }

    /// <summary>
    /// Visits before or after which a fixed piece of work took much longer than usual (a slower clock, a busier cache or memory), or in which threads waited for a core much
    /// longer than in others. All their runs count as disturbed.
    /// </summary>
    public long? SlowedVisits { get; init; }
}
