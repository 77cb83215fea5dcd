namespace Rectune.Cli;

/// <summary>Where in the machine a plan is served.</summary>
internal sealed record ServingPlaceNotice
{
    /// <summary>Cores of the instances, such as <c>2-5</c>; empty where the system does not tell which there are.</summary>
    public required string InstanceCores { get; init; }

    /// <summary>Cores of all other threads.</summary>
    public required string OtherCores { get; init; }

    public required int NumaNodes { get; init; }

    /// <summary>Tables in memory of the process; those in mapped files are not among them.</summary>
    public required long TableBytes { get; init; }

    /// <summary>Bytes of these that lie in huge pages; null where the system does not tell.</summary>
    public long? HugePageBytes { get; init; }
}
