namespace Rectune.Engine.Load.Http;

/// <summary>What a connection is doing.</summary>
internal enum ConnectionState
{
    Opening,

    Idle,

    /// <summary>A request or its answer is on the way.</summary>
    Busy,

    Closed,
}
