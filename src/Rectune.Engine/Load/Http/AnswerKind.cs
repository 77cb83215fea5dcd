namespace Rectune.Engine.Load.Http;

/// <summary>How a query ended.</summary>
internal enum AnswerKind
{
    /// <summary>200 with output tensors.</summary>
    Answered,

    /// <summary>503 or 429: the server takes no more.</summary>
    Refused,

    /// <summary>Any other status.</summary>
    OtherStatus,

    /// <summary>No HTTP, or a 200 without output tensors.</summary>
    Malformed,

    /// <summary>The connection broke, or none was to be had.</summary>
    Disconnected,

    /// <summary>Nothing came in time.</summary>
    TimedOut,
}
