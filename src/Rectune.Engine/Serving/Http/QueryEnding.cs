namespace Rectune.Engine.Serving.Http;

/// <summary>How one inference request ended, with what is worth telling of it.</summary>
internal readonly record struct QueryEnding(QueryOutcome Outcome)
{
    /// <summary>What the client was told; null for an answered query.</summary>
    public string? Why { get; init; }

    /// <summary>The id in the request's body as JSON text; null where it had none or was not read.</summary>
    public string? Id { get; init; }

    /// <summary>Samples of the query; 0 where it was not read.</summary>
    public int Samples { get; init; }

    /// <summary>From the moment the body was read to the moment the answer was handed to the connection; zero unless answered.</summary>
    public TimeSpan Latency { get; init; }
}
