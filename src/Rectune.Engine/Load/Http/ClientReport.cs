namespace Rectune.Engine.Load.Http;

/// <summary>What a client of a server saw of all queries that it sent, warm-up included. Each was answered, refused, or failed in one of four ways.</summary>
public sealed record ClientReport
{
    public required long Sent { get; init; }

    public required long Answered { get; init; }

    /// <summary>Turned away with status 503 or 429.</summary>
    public required long Refused { get; init; }

    /// <summary>Answered with any other status.</summary>
    public required long OtherStatus { get; init; }

    /// <summary>Answered with what is no HTTP, or holds no output tensors.</summary>
    public required long Malformed { get; init; }

    /// <summary>Connections broke, or could not be opened.</summary>
    public required long Disconnected { get; init; }

    /// <summary>Without an answer in time.</summary>
    public required long TimedOut { get; init; }

    /// <summary>Connections that were opened.</summary>
    public required long ConnectionsOpened { get; init; }

    /// <summary>Most connections in use at once; behind TLS or HTTP/2, open at once.</summary>
    public required int MostConnections { get; init; }

    /// <summary>Queries that found no free connection. Their waiting counts into latency.</summary>
    public required long WaitedForConnection { get; init; }

    /// <summary>99th percentile of that waiting among those that waited and were sent, milliseconds; null where none was.</summary>
    public double? WaitP99Ms { get; init; }

    /// <summary>From sending to the complete answer, answered queries only, milliseconds: what the server and the way to it took, behind TLS or HTTP/2 with the opening of a connection where none was free. Null where none was answered.</summary>
    public double? AcceptedP50Ms { get; init; }

    public double? AcceptedP99Ms { get; init; }

    public double? AcceptedMaxMs { get; init; }

    /// <summary>Processor time of this whole process, schedule and sockets, over wall time: 0.5 is half of one core.</summary>
    public required double CpuShare { get; init; }

    /// <summary>The first thing that went wrong; null where nothing did.</summary>
    public string? FirstProblem { get; init; }
}
