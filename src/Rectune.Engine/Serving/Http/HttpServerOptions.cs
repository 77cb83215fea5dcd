using Rectune.Core.Domain;

namespace Rectune.Engine.Serving.Http;

/// <summary>Where and what an <see cref="HttpServer"/> serves.</summary>
public sealed record HttpServerOptions
{
    /// <summary>
    /// Loopback addresses to listen on, such as <c>http://127.0.0.1:8000</c>; port 0 takes a free one. <c>https://</c> needs <see cref="Tls"/>; <c>h2c://</c> is HTTP/2 without TLS.
    /// </summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8000"];

    public required string ModelName { get; init; }

    public string ModelVersion { get; init; } = "1";

    public required ModelCard Card { get; init; }

    /// <summary>Samples of the largest query accepted.</summary>
    public int MaxBatchSamples { get; init; } = 4096;

    /// <summary>The plan behind the server. Null: none is known, and every answered query is a good one.</summary>
    public ServedPlan? Plan { get; init; }

    /// <summary>What the plan of this moment promises: the limit that good queries keep, and the queue.</summary>
    public ServedPromise? Promise => Plan?.Promise;

    /// <summary>Puts the plan's file as it is now in the place of the one that is served; returns what is in the way, null where it was done. Null: a server that cannot.</summary>
    public Func<string?>? Reload { get; init; }

    /// <summary>Null: no <c>https://</c>. Owned by the caller.</summary>
    public TlsIdentity? Tls { get; init; }

    /// <summary>What requests must carry, but those for health. Null: nothing.</summary>
    public BearerToken? Token { get; init; }

    public ConnectionLimits Limits { get; init; } = new();

    /// <summary>Where events and failed queries are told. Null: nowhere. Owned by the caller.</summary>
    public ServerLog? Log { get; init; }

    /// <summary>Collector that metrics and traces are sent to, OTLP over HTTP, such as <c>http://127.0.0.1:4318</c>. Null: nowhere, at no cost.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>What the tables take; measured anew by the server, between requests. Null: not known.</summary>
    public TableMemoryWatch? TableMemory { get; init; }

    /// <summary>How long <see cref="HttpServer.DrainAsync"/> waits for queries in flight.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Hears of an exception that nobody foresaw; the client is answered 500 either way. Called on any thread.</summary>
    public Action<Exception>? OnFault { get; init; }

    /// <summary>Hears that service times of a path have left the plan's interval for long, and that they are back. Called on any thread, one call at a time.</summary>
    public Action<ServedDrift>? OnDrift { get; init; }

    /// <summary>Hears, between two calls of <see cref="OnDrift"/>, that what it heard before was of a plan that is served no more.</summary>
    public Action? OnPlanReplaced { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
