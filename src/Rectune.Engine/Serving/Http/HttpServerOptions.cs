using Rectune.Core.Domain;

namespace Rectune.Engine.Serving.Http;

/// <summary>Where and what an <see cref="HttpServer"/> serves.</summary>
public sealed record HttpServerOptions
{
    /// <summary>Loopback addresses to listen on, such as <c>http://127.0.0.1:8000</c>; port 0 takes a free one.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8000"];

    public required string ModelName { get; init; }

    public string ModelVersion { get; init; } = "1";

    public required ModelCard Card { get; init; }

    /// <summary>Samples of the largest query accepted.</summary>
    public int MaxBatchSamples { get; init; } = 4096;

    /// <summary>How long <see cref="HttpServer.DrainAsync"/> waits for queries in flight.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Hears of an exception that nobody foresaw; the client is answered 500 either way. Called on any thread.</summary>
    public Action<Exception>? OnFault { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
