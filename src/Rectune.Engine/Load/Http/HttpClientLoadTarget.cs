using System.Net;
using System.Net.Sockets;
using Rectune.Core.Domain;

namespace Rectune.Engine.Load.Http;

/// <summary>
/// A server behind TLS or HTTP/2 as a target of load, by the runtime's own HTTP client. As many queries are under way as are allowed, over HTTP/1.1 each on a connection of its own, which the first of them opens: their latency has it; others wait in line,
/// and a query without an answer in time fails. Bodies are looked into until one was found to hold output tensors: observers get no scores. Unlike <see cref="HttpLoadTarget"/> it allocates for every query
/// and takes more of the processor, which reports show.
/// </summary>
public sealed class HttpClientLoadTarget : IHttpLoadTarget
{
    /// <summary>Longer than any load lasts, and short enough for the runtime's timers.</summary>
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(1);

    private readonly Lock gate = new();
    private readonly ServerAddress server;
    private readonly Uri url;
    private readonly PreparedRequests requests;
    private readonly TimeProvider clock;
    private readonly long timeoutTicks;
    private readonly int mostUnderWay;
    private readonly QueryLine waiting = new();
    private readonly ClientTally tally;
    private readonly CertificateCheck certificate;
    private readonly HttpMessageInvoker client;
    private readonly CancellationTokenSource closed = new();

    private int underWay;
    private int connections;
    private bool closing;
    private volatile bool problemKnown;
    private volatile bool outputsSeen;
    private volatile Version? answeredBy;

    /// <param name="server">Where queries go.</param>
    /// <param name="model">What they are for.</param>
    /// <param name="requests">What is sent.</param>
    /// <param name="mostUnderWay">Limit on queries at once.</param>
    /// <param name="timeout">How long a query may take from its submission; more than a day is a day.</param>
    /// <param name="clock">Time of timeouts and of what is reported.</param>
    public HttpClientLoadTarget(ServerAddress server, ServedModel model, PreparedRequests requests, int mostUnderWay, TimeSpan timeout, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mostUnderWay);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        (this.server, this.requests, this.mostUnderWay, this.clock) = (server, requests, mostUnderWay, clock);
        url = new Uri(server.Root, $"v2/models/{Uri.EscapeDataString(model.Name)}/infer");
        timeoutTicks = (long)((timeout < LongestTimeout ? timeout : LongestTimeout).TotalSeconds * clock.TimestampFrequency);
        tally = new ClientTally(clock);
        certificate = new CertificateCheck(server);
        var handler = server.Access.Handler(certificate);
        handler.MaxConnectionsPerServer = mostUnderWay;
        handler.EnableMultipleHttp2Connections = true;
        handler.PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan;
        handler.ConnectCallback = (_, cancellation) => ConnectAsync(cancellation);
        client = new HttpMessageInvoker(handler);
    }

    /// <inheritdoc/>
    public string? Protocol => answeredBy is not { } version ? null
        : version.Major >= 2 ? server.IsTls ? "h2 over TLS" : "h2c"
        : $"http/{version}{(server.IsTls ? " over TLS" : "")}";

    /// <inheritdoc/>
    public ClientReport TakeReport()
    {
        lock (gate)
        {
            problemKnown = false;
            return tally.Take(connections);
        }
    }

    /// <inheritdoc/>
    /// <param name="source">Not looked at: what is sent was written in advance.</param>
    /// <param name="start">Chooses among the requests of this size.</param>
    /// <param name="terms">Not looked at either: requests say what they ask for.</param>
    public Admission Submit(FeatureBatch source, int start, int count, IQueryObserver observer, long tag, QueryTerms terms = default)
    {
        var query = new SentQuery(requests.RequestOf(start, count), observer, tag, clock.GetTimestamp());
        lock (gate)
        {
            if (closing)
            {
                return Admission.Closing;
            }

            tally.Sent();
            if (underWay == mostUnderWay)
            {
                tally.Waits();
                waiting.Add(query);
                return Admission.Accepted;
            }

            underWay++;
        }

        _ = CarryAsync(query);
        return Admission.Accepted;
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (closing)
            {
                return;
            }

            closing = true;
        }

        // Queries under way fail, and their carriers fail those in line.
        closed.Cancel();
        client.Dispose();
    }

    /// <summary>Carries a query, and those in line after it: one after the other, so that a server that is gone cannot make them nest.</summary>
    private async Task CarryAsync(SentQuery query)
    {
        while (true)
        {
            var began = clock.GetTimestamp();
            var (kind, problem) = await AskAsync(query, query.SubmittedAt + timeoutTicks - began);
            var ended = query;
            bool more;
            lock (gate)
            {
                var now = clock.GetTimestamp();
                tally.Ended(kind, now - began, problem);
                problemKnown |= problem is not null;
                more = waiting.TryTake(out query);
                if (more)
                {
                    tally.Waited(now - query.SubmittedAt);
                }
                else
                {
                    underWay--;
                }
            }

            ended.Observer.Ended(ended.Tag, [], kind switch { AnswerKind.Answered => QueryEnd.Answered, AnswerKind.Refused => QueryEnd.Late, _ => QueryEnd.Failed });
            if (!more)
            {
                return;
            }
        }
    }

    private async Task<(AnswerKind Kind, string? Problem)> AskAsync(SentQuery query, long ticksLeft)
    {
        if (closed.IsCancellationRequested)
        {
            return (AnswerKind.Disconnected, null);
        }

        if (ticksLeft <= 0)
        {
            return (AnswerKind.TimedOut, "no other query had ended in time");
        }

        // The timer counts whole milliseconds and drops the rest: never too early is at most one too late.
        using var late = new CancellationTokenSource(TimeSpan.FromMilliseconds(Math.Ceiling(1e3 * ticksLeft / clock.TimestampFrequency)), clock);
        using var gone = closed.Token.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), late);
        try
        {
            using var message = server.Request(HttpMethod.Post, url);
            message.Content = Content(query.Request);
            using var response = await client.SendAsync(message, late.Token);
            answeredBy ??= response.Version;
            return await JudgeAsync(response, late.Token);
        }
        catch (OperationCanceledException)
        {
            return closed.IsCancellationRequested ? (AnswerKind.Disconnected, null) : (AnswerKind.TimedOut, "no answer in time");
        }
        catch (HttpRequestException e)
        {
            return (e.HttpRequestError == HttpRequestError.InvalidResponse ? AnswerKind.Malformed : AnswerKind.Disconnected, certificate.Refused(e)?.Message ?? e.InnerException?.Message ?? e.Message);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever it is, the query has ended.
            return (AnswerKind.Disconnected, e.Message);
        }
    }

    private async Task<(AnswerKind Kind, string? Problem)> JudgeAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        var known = outputsSeen;
        if (known && status == (int)HttpStatusCode.OK)
        {
            await response.Content.CopyToAsync(Stream.Null, cancellation);
            return (AnswerKind.Answered, null);
        }

        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        var judged = Answer.Judge(status, body, JsonBytes(response), known, problemKnown);
        outputsSeen |= judged.Kind == AnswerKind.Answered;
        return judged;
    }

    /// <summary>Length of the JSON part where raw tensors follow it; null where the response does not say.</summary>
    private static int? JsonBytes(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("Inference-Header-Content-Length", out var values) && int.TryParse(values.ToString(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var bytes)
            ? bytes
            : null;

    private static ReadOnlyMemoryContent Content(PreparedRequest request)
    {
        var content = new ReadOnlyMemoryContent(request.Body);
        content.Headers.TryAddWithoutValidation("Content-Type", request.JsonBytes is null ? "application/json" : "application/octet-stream");
        if (request.JsonBytes is { } jsonBytes)
        {
            content.Headers.TryAddWithoutValidation("Inference-Header-Content-Length", jsonBytes.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return content;
    }

    private async ValueTask<Stream> ConnectAsync(CancellationToken cancellation)
    {
        var socket = new Socket(server.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server.EndPoint, cancellation);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        lock (gate)
        {
            connections++;
            tally.Opened();
            tally.HasBusy(connections);
        }

        return new CountedStream(socket, Disconnected);
    }

    private void Disconnected()
    {
        lock (gate)
        {
            connections--;
        }
    }
}
