namespace Rectune.Engine.Serving.Http;

/// <summary>Memory of the tables that are served, as measured.</summary>
public sealed record TableMemoryUse
{
    /// <summary>Bytes of tables in memory of the process; those in mapped files are not among them.</summary>
    public required long Bytes { get; init; }

    /// <summary>Bytes of these that lie in huge pages; null where the system does not tell.</summary>
    public long? HugePageBytes { get; init; }
}
