using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Rectune.Engine.Serving.Http;

/// <summary>What connections may hold on to, so that slow or hostile clients take nothing from others. The size of a body follows from the model.</summary>
public sealed record ConnectionLimits
{
    /// <summary>Connections beyond this are closed at once. Each costs memory and a descriptor, of which a process commonly has some thousands.</summary>
    public int MaxConnections { get; init; } = 4096;

    /// <summary>Bytes of the bodies of all requests under way together; those that find no room are answered 503. One of the model's largest size always may while no other is under way.</summary>
    public long MaxBodyBytes { get; init; } = 1L << 30;

    /// <summary>All headers together, bytes; ten times what clients of the protocol send.</summary>
    public int MaxHeaderBytes { get; init; } = 16 << 10;

    /// <summary>The first line of a request, bytes; the longest path is a model's name and version.</summary>
    public int MaxRequestLineBytes { get; init; } = 4 << 10;

    /// <summary>From the first byte of a request to the last of its headers.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A body or an answer that moves slower is cut off, bytes per second; far below what any network in use carries.</summary>
    public double SlowestBytesPerSecond { get; init; } = 1000;

    /// <summary>How long it may be slower at first: a lost packet on a long way is sent again within this. Above one second, the resolution of the server's timer.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>An idle connection is closed after this; longer than the minute after which balancers commonly drop theirs, so that they are the first to.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(130);

    /// <summary>A client that opens a TLS connection must be done with it within this.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Requests at once on one HTTP/2 connection.</summary>
    public int MaxStreams { get; init; } = 256;

    internal void Apply(KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections = MaxConnections;
        limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        limits.MaxRequestLineSize = MaxRequestLineBytes;
        limits.RequestHeadersTimeout = HeaderTimeout;
        limits.KeepAliveTimeout = IdleTimeout;
        limits.MinRequestBodyDataRate = new MinDataRate(SlowestBytesPerSecond, Grace);
        limits.MinResponseDataRate = new MinDataRate(SlowestBytesPerSecond, Grace);
        limits.Http2.MaxStreamsPerConnection = MaxStreams;
    }
}
