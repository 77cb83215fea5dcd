namespace Rectune.Engine.Serving.Http;

/// <summary>How an inference request ended.</summary>
public enum QueryOutcome
{
    /// <summary>200 with scores.</summary>
    Answered,

    /// <summary>The request was at fault: 400, 408, 413 or 415.</summary>
    Invalid,

    /// <summary>Turned away because the queue is full: 503.</summary>
    Refused,

    /// <summary>Turned away because it could not be answered within the plan's limit: 503.</summary>
    Late,

    /// <summary>Turned away because it could not be answered within the time that it asked for itself, which was shorter than the plan's or gone when it had been read: 503.</summary>
    Expired,

    /// <summary>Turned away because the server is draining: 503.</summary>
    Draining,

    /// <summary>Accepted and not answered: 500, or 503 where every instance that it waited for had failed.</summary>
    Failed,

    /// <summary>The client left before it was answered.</summary>
    Abandoned,

    /// <summary>The quality that the request asked for is met by no path of the plan: 400.</summary>
    Unattainable,
}
