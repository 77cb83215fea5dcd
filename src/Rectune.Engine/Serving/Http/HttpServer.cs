using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rectune.Core.Domain;
using Rectune.Engine.Serving.Protocol;

namespace Rectune.Engine.Serving.Http;

/// <summary>
/// Serves one model by the Open Inference Protocol (KServe v2, https://github.com/kserve/open-inference-protocol) over HTTP on the loopback
/// interface. Disposing stops at once; <see cref="DrainAsync"/> first lets queries in flight finish.
/// </summary>
public sealed class HttpServer : IAsyncDisposable
{
    /// <summary>Of a connection that the server has not read yet, bytes.</summary>
    private const int MostReceivedBytes = 1 << 20;

    /// <summary>
    /// How far beyond its limit a body is still read, and thrown away, after it was answered 413: many clients send all before they look at the
    /// answer, and a connection closed under them would hide it. Longer bodies are cut off.
    /// </summary>
    private const long DiscardedBytes = 256L << 20;

    /// <summary>Often beside the windows in which service times are compared with the plan's.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly WebApplication application;
    private readonly DrainGate gate;
    private readonly HttpServerOptions options;
    private readonly ServerWatch watch;
    private readonly RequestRouter router;
    private readonly ITimer? looking;

    private HttpServer(WebApplication application, IReadOnlyList<ListenAddress> addresses, DrainGate gate, HttpServerOptions options, ServerWatch watch, RequestRouter router)
    {
        this.application = application;
        this.gate = gate;
        this.options = options;
        this.watch = watch;
        this.router = router;
        looking = options.Plan is null && options.TableMemory is null ? null : options.Clock.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
        Addresses = [.. application.Urls.Select(url => new Uri(url))];
        Urls = [.. addresses.Zip(Addresses, (address, bound) => address.Bound(bound))];
    }

    /// <summary>Whatever takes too long for a thread that answers requests. Nobody catches what a timer's call throws: whoever hears of drifts must not end the server.</summary>
    private void Look()
    {
        try
        {
            watch.LookForDrift();
            options.TableMemory?.Refresh();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            options.OnFault?.Invoke(e);
        }
    }

    /// <summary>Bound addresses, with the ports actually taken; <c>http://</c> where HTTP/2 is spoken without TLS, as a client's library wants them.</summary>
    public IReadOnlyList<Uri> Addresses { get; }

    /// <summary>The same as they are asked for: <c>h2c://</c> is said where it is spoken.</summary>
    public IReadOnlyList<string> Urls { get; }

    /// <summary>Port of the first address.</summary>
    public int Port => Addresses[0].Port;

    public bool IsDraining => gate.IsClosed;

    /// <summary>Queries being read, scored or answered.</summary>
    public int InFlight => gate.InFlight;

    /// <summary>Whether queries should be sent here now.</summary>
    public Readiness Readiness => watch.CurrentReadiness();

    /// <summary>Memory for requests that was made so far, in requests: as many as were ever in flight, and those dropped after a fault.</summary>
    internal int ExchangesMade => router.ExchangesMade;

    /// <summary>Bytes of the bodies of all requests that are under way.</summary>
    internal long BodyBytes => router.BodyBytes;

    /// <summary>The most that these may be.</summary>
    internal long MostBodyBytes => router.MostBodyBytes;

    /// <summary>Says what is wrong with the addresses, which <see cref="StartAsync"/> says as well: here before a model is loaded for them.</summary>
    /// <exception cref="InvalidInputException">An address is not a loopback one or wants TLS without a certificate.</exception>
    /// <exception cref="MissingResourceException">An address cannot be bound: the port is taken, or not allowed to this user.</exception>
    public static void RequireAddresses(HttpServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var address in ListenAddress.ParseAll(options.Urls, options.Tls is not null))
        {
            address.RequireFree();
        }
    }

    /// <summary>Starts to listen; the model is served, and ready, from then on.</summary>
    /// <exception cref="InvalidInputException">An address is not a loopback one or wants TLS without a certificate, or the card cannot be served.</exception>
    /// <exception cref="MissingResourceException">An address cannot be bound: the port is taken, or not allowed to this user.</exception>
    public static async Task<HttpServer> StartAsync(
        HttpServerOptions options, IQueryTarget target, ServerMetrics metrics, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(metrics);
        var addresses = ListenAddress.ParseAll(options.Urls, options.Tls is not null);
        var layout = new InputLayout(options.Card, options.MaxBatchSamples);
        var newGate = new DrainGate();
        var version = typeof(HttpServer).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
        var newWatch = new ServerWatch(options, target, metrics, newGate) { Instruments = options.Otlp is null ? null : new ServerInstruments() };
        var newRouter = new RequestRouter(options, version, layout, target, newWatch, newGate);
        var host = Build(options, addresses, layout, newRouter, newWatch);
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            newWatch.Instruments?.Dispose();
            await host.DisposeAsync();
            throw Unbound(addresses, e);
        }
        catch (InvalidOperationException e) when (options.Tls is not null)
        {
            // So Kestrel refuses a certificate that is not meant for servers.
            newWatch.Instruments?.Dispose();
            await host.DisposeAsync();
            throw new InvalidInputException("--tls-cert", $"found a certificate that cannot be served: {e.Message}", "name one for servers (extended key usage serverAuth)");
        }

        newWatch.Instruments?.Start(newWatch, options, version);
        var server = new HttpServer(host, addresses, newGate, options, newWatch, newRouter);
        server.LogStart();
        return server;
    }

    /// <summary>
    /// Readiness and new queries are answered 503 from now on; waits for queries in flight, at most the drain timeout, then stops. Returns the
    /// number of queries cut off. A cancelled <paramref name="cancellationToken"/> cuts the waiting short.
    /// </summary>
    public async Task<int> DrainAsync(CancellationToken cancellationToken = default)
    {
        gate.Close();
        options.Log?.Write("draining", json => json.WriteNumber("inFlight", gate.InFlight));
        try
        {
            await gate.Empty.WaitAsync(options.DrainTimeout, options.Clock, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            var cutOff = gate.InFlight;
            await StopNowAsync();
            LogStop(cutOff);
            return cutOff;
        }

        await application.StopAsync(CancellationToken.None);
        LogStop(cutOff: 0);
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        gate.Close();
        if (looking is not null)
        {
            await looking.DisposeAsync();
        }

        await StopNowAsync();
        await application.DisposeAsync();
        watch.Instruments?.Dispose();
    }

    private static WebApplication Build(
        HttpServerOptions options, IReadOnlyList<ListenAddress> addresses, InputLayout layout, RequestRouter router, ServerWatch watch)
    {
        // The empty builder reads no configuration file and no environment: what is served and where is only what the options say.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        if (options.Tls is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = layout.BodyLimitBytes + DiscardedBytes;
            options.Limits.Apply(kestrel.Limits);
            foreach (var address in addresses)
            {
                address.Listen(kestrel, options, watch);
            }
        });
        builder.Services.AddSingleton<IHostLifetime, OwnerLifetime>();
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, RequestBlocks.Factory>();

        // A query that does not fit what the system takes in at once waits for the server to read its beginning before the client may send its end.
        var receivedBytes = (int)Math.Clamp(layout.BodyLimitBytes, RequestBlocks.BlockBytes, MostReceivedBytes);
        builder.Services.Configure<SocketTransportOptions>(transport =>
        {
            // Nothing here waits for anything but by await: reading goes on where its bytes came, without waking another thread. What takes long changes threads by itself (SocketCompletions).
            transport.UnsafePreferInlineScheduling = true;
            transport.CreateBoundListenSocket = endPoint =>
            {
                var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
                socket.ReceiveBufferSize = receivedBytes;
                return socket;
            };
        });
        var host = builder.Build();
        host.Run(router.AnswerAsync);
        return host;
    }

    private static MissingResourceException Unbound(IReadOnlyList<ListenAddress> addresses, Exception e)
    {
        // The text of the exception names the address that could not be bound when there are several.
        var address = addresses.FirstOrDefault(a => e.Message.Contains($":{a.Port}:", StringComparison.Ordinal)) ?? addresses[0];
        return address.Unbound(e.InnerException is AddressInUseException, e);
    }

    private void LogStart() => options.Log?.Write("started", json =>
    {
        json.WriteStartArray("urls");
        foreach (var url in Urls)
        {
            json.WriteStringValue(url);
        }

        json.WriteEndArray();
        json.WriteString("model", options.ModelName);
        json.WriteString("version", options.ModelVersion);
        json.WriteBoolean("token", options.Token is not null);
        if (options.Promise is { } promise)
        {
            json.WriteString("path", promise.PathId);
            json.WriteNumber("promiseQps", promise.Qps);
            json.WriteString("sla", promise.Sla.ToString());
            json.WriteString("verdict", promise.Verdict.Name());
        }
    });

    private void LogStop(int cutOff) => options.Log?.Write("stopped", json =>
    {
        json.WriteNumber("cutOff", cutOff);
        json.WriteNumber("uptimeS", Math.Round(watch.Now.TotalSeconds, 1));
        json.WriteNumber("answered", watch.Metrics.Queries(QueryOutcome.Answered));
        json.WriteNumber("misses", watch.Metrics.Misses);
    });

    private async Task StopNowAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await application.StopAsync(now.Token);
    }
}
