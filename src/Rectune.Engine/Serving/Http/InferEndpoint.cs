using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Rectune.Core.Domain;
using Rectune.Engine.Serving.Protocol;

namespace Rectune.Engine.Serving.Http;

/// <summary>Answers <c>POST …/infer</c>: reads the body, asks the target, writes the scores.</summary>
internal sealed class InferEndpoint(HttpServerOptions options, InputLayout layout, IQueryTarget target, ServerWatch watch, DrainGate gate)
{
    private const string Draining = "the server is draining and takes no new queries; ask another instance";

    private const string TooLate = "too much lies ahead of this query to answer it in time; ask another instance, or at a lower rate";

    private const string TooShort = "this query cannot be answered in the time that it gave itself; give it more, or ask another instance";

    private const string NoRoom = "the bodies of other requests leave no room for this one; ask again later, or at a lower rate";

    private const string NoInstance = "all that could have scored this query has failed, and is being replaced; ask another instance, or again later";

    private const string QueueFull = "the queue is full; ask again later or at a lower rate";

    /// <summary>What a header alone may make the server set aside; the rest once it comes.</summary>
    private const long MostBytesOnTrust = 64 << 10;

    public const string JsonLengthHeader = "Inference-Header-Content-Length";

    /// <summary>Bytes of tensors that are read in about 0.1 ms, and of JSON likewise: so long, other connections may wait.</summary>
    private const int LongestShortBytes = 256 << 10;
    private const int LongestShortJsonBytes = 16 << 10;

    /// <summary>Scores that an instance's thread may write itself.</summary>
    private const int MostScoresAtOnce = 1024;

    /// <summary>Seconds; a full queue is short beside it, and it is the smallest number the header can say.</summary>
    private const string RetryAfterSeconds = "1";

    /// <summary>An id longer than this is echoed but not logged, bytes.</summary>
    private const int LongestLoggedId = 256;

    private readonly ExchangePool pool = new(layout, options.ModelName, options.ModelVersion, watch);

    private readonly BodyBudget bodies = new(Math.Max(options.Limits.MaxBodyBytes, layout.BodyLimitBytes));

    /// <summary>Memory for requests that was made so far, in requests.</summary>
    public int ExchangesMade => pool.Made;

    /// <summary>Bytes of the bodies of all requests that are under way.</summary>
    public long BodyBytes => bodies.TakenBytes;

    /// <summary>The most that these may be.</summary>
    public long MostBodyBytes => bodies.MostBytes;

    public async Task AnswerAsync(HttpContext context)
    {
        var arrived = options.Clock.GetTimestamp();
        using var span = watch.Instruments?.Begin(context.Request.Headers);
        if (!gate.TryEnter())
        {
            Ended(context, await TurnAwayAsync(context, QueryOutcome.Draining, Draining), span);
            return;
        }

        try
        {
            Ended(context, await TryAnswerAsync(context, arrived), span);
        }
        finally
        {
            gate.Exit();
        }
    }

    private void Ended(HttpContext context, in QueryEnding ending, Activity? span)
    {
        watch.Ended(ending, ending.Outcome == QueryOutcome.Answered ? null : RequestId.Of(context));
        watch.Instruments?.Ended(ending, span);
    }

    private static async Task<QueryEnding> TurnAwayAsync(HttpContext context, QueryOutcome outcome, string message, InferRequest? request = null)
    {
        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return await FailAsync(context, outcome, StatusCodes.Status503ServiceUnavailable, message, request);
    }

    /// <param name="request">The request as far as it was read; null where it was not.</param>
    private static async Task<QueryEnding> FailAsync(HttpContext context, QueryOutcome outcome, int status, string message, InferRequest? request = null)
    {
        await JsonReply.WriteErrorAsync(context, status, message);
        return new QueryEnding(outcome) { Why = message, Id = request is null ? null : LoggedId(request), Samples = request?.Samples ?? 0 };
    }

    private static string? LoggedId(InferRequest request)
    {
        var id = request.Id;
        return id.IsEmpty || id.Length > LongestLoggedId ? null : Encoding.UTF8.GetString(id);
    }

    private async Task<QueryEnding> TryAnswerAsync(HttpContext context, long arrived)
    {
        var exchange = pool.Rent();
        exchange.Request.Body.Clear();
        try
        {
            var ending = await AnswerAsync(context, exchange, arrived);
            Return(exchange);
            return ending;
        }
        catch (IOException e) when (e is not ConnectionResetException)
        {
            // What the client sent is no HTTP. Told even to a client that seems to have left: one that has only closed its own direction still listens.
            Return(exchange);
            var status = (e as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest;
            var message = status == StatusCodes.Status413PayloadTooLarge ? TooLarge("too many") : $"body: {e.Message}";
            var left = e is not BadHttpRequestException && context.RequestAborted.IsCancellationRequested;
            return await FailAsync(context, left ? QueryOutcome.Abandoned : QueryOutcome.Invalid, status, message);
        }
        catch (Exception e) when (e is OperationCanceledException or ConnectionResetException)
        {
            // The client left. Reading or writing was under way, never a query: its end is awaited whatever the client does.
            Return(exchange);

            // Or an empty answer would be sent as a good one.
            context.Abort();
            return new QueryEnding(QueryOutcome.Abandoned);
        }
        catch (Exception e)
        {
            // The exchange is dropped: it is not known who still holds it.
            bodies.Return(exchange.Request.Body.Length);
            options.OnFault?.Invoke(e);
            options.Log?.Fault(e);
            return await FailAsync(
                context, QueryOutcome.Failed, StatusCodes.Status500InternalServerError, "the server failed on this query; its log says why");
        }
    }

    private void Return(Exchange exchange)
    {
        bodies.Return(exchange.Request.Body.Length);
        pool.Return(exchange);
    }

    private async Task<QueryEnding> AnswerAsync(HttpContext context, Exchange exchange, long arrived)
    {
        var request = exchange.Request;
        if (CheckHeaders(context.Request, out var jsonBytes) is { } fault)
        {
            return await FailAsync(context, QueryOutcome.Invalid, fault.Status, fault.Message);
        }

        switch (await ReadBodyAsync(context, request.Body))
        {
            case BodyEnd.TooLarge:
                return await FailAsync(context, QueryOutcome.Invalid, StatusCodes.Status413PayloadTooLarge, TooLarge("too many"));
            case BodyEnd.NoRoom:
                return await TurnAwayAsync(context, QueryOutcome.Refused, NoRoom);
        }

        if (request.Body.Length > LongestShortBytes || jsonBytes is null or > LongestShortJsonBytes)
        {
            await SocketCompletions.LeaveAsync();
        }

        var started = options.Clock.GetTimestamp();
        if (!request.Read(jsonBytes))
        {
            return await FailAsync(context, QueryOutcome.Invalid, StatusCodes.Status400BadRequest, request.Problems.ToString(), request);
        }

        if (await RunAsync(context, exchange, arrived) is { } failure)
        {
            return failure;
        }

        await WriteScoresAsync(context, exchange);
        return context.RequestAborted.IsCancellationRequested
            ? new QueryEnding(QueryOutcome.Abandoned)
            : new QueryEnding(QueryOutcome.Answered) { Samples = request.Samples, Latency = options.Clock.GetElapsedTime(started) };
    }

    /// <summary>Has the request scored; returns how it ended where it was not.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<QueryEnding?> RunAsync(HttpContext context, Exchange exchange, long arrived)
    {
        var request = exchange.Request;
        var limitUs = request.TimeoutUs;
        if (limitUs > 0)
        {
            // What reading took is gone from the time that the client gave.
            limitUs -= (long)options.Clock.GetElapsedTime(arrived).TotalMicroseconds;
            if (limitUs <= 0)
            {
                return await TurnAwayAsync(context, QueryOutcome.Expired, TooShort, request);
            }
        }

        var expected = request.Samples * layout.Outputs;
        var resumesBriefly = request.Encoding == ScoreEncoding.Binary && expected <= MostScoresAtOnce && HttpProtocol.IsHttp11(context.Request.Protocol);
        var tag = exchange.Completion.Begin(expected, resumesBriefly);
        switch (target.Submit(request.Batch, 0, request.Samples, exchange.Completion, tag, new QueryTerms { LimitUs = limitUs, QualityMin = request.QualityMin }))
        {
            case Admission.NoSuchQuality:
                return await FailAsync(context, QueryOutcome.Unattainable, StatusCodes.Status400BadRequest, NoSuchQuality(request), request);
            case Admission.QueueFull:
                return await TurnAwayAsync(context, QueryOutcome.Refused, QueueFull, request);
            case Admission.TooLate:
                return await TurnAwayLateAsync(context, request);
            case Admission.Closing:
                return await TurnAwayAsync(context, QueryOutcome.Draining, Draining, request);
        }

        watch.Entered();
        var end = await exchange.Completion.WaitAsync();
        watch.Left();
        if (end == QueryEnd.Late)
        {
            return await TurnAwayLateAsync(context, request);
        }

        if (end == QueryEnd.Lost)
        {
            return await TurnAwayAsync(context, QueryOutcome.Failed, NoInstance, request);
        }

        return end == QueryEnd.Answered && AreScores(exchange.Completion.Scores, expected)
            ? null
            : await FailAsync(
                context, QueryOutcome.Failed, StatusCodes.Status500InternalServerError, end == QueryEnd.Answered ? "the scores of this query are not finite: values in it are too large for the model" : $"the model could not score this query of {(request.Samples == 1 ? "1 sample" : $"{request.Samples} samples")}", request);
    }

    /// <summary>A query that gave itself less time than the plan gives says nothing about the server when it is late.</summary>
    private Task<QueryEnding> TurnAwayLateAsync(HttpContext context, InferRequest request) =>
        request.TimeoutUs > 0 && (options.Promise is null || request.TimeoutUs < options.Promise.Limit.TotalMicroseconds)
            ? TurnAwayAsync(context, QueryOutcome.Expired, TooShort, request)
            : TurnAwayAsync(context, QueryOutcome.Late, TooLate, request);

    private string NoSuchQuality(InferRequest request) => options.Promise?.BestQuality is { } best
        ? FormattableString.Invariant($"parameters.quality_min: found {request.QualityMin}, expected at most {best.Value}, the {best.Metric} of the plan's best path")
        : FormattableString.Invariant($"parameters.quality_min: found {request.QualityMin}, expected none: how good the plan's paths answer is not known");

    private static bool AreScores(ReadOnlySpan<float> scores, int expected) => scores.Length == expected && ScoreCheck.AreFinite(scores);

    private static async Task WriteScoresAsync(HttpContext context, Exchange exchange)
    {
        var encoding = exchange.Request.Encoding;
        var jsonBytes = exchange.Response.Write(exchange.Completion.Scores, encoding, exchange.Request.Id);
        var response = context.Response;
        if (encoding == ScoreEncoding.Binary)
        {
            response.ContentType = "application/octet-stream";
            response.Headers[JsonLengthHeader] = jsonBytes.ToString(CultureInfo.InvariantCulture);
        }
        else
        {
            response.ContentType = JsonReply.ContentType;
        }

        var written = exchange.Response.Written;
        response.ContentLength = written.Length;
        await response.BodyWriter.WriteAsync(written);
    }

    private (int Status, string Message)? CheckHeaders(HttpRequest request, out long? jsonBytes)
    {
        jsonBytes = null;
        if (request.ContentLength > layout.BodyLimitBytes)
        {
            return (StatusCodes.Status413PayloadTooLarge, TooLarge(request.ContentLength.Value.ToString(CultureInfo.InvariantCulture)));
        }

        if (request.Headers.ContentEncoding is [{ Length: > 0 } coding, ..] && coding != "identity")
        {
            return (StatusCodes.Status415UnsupportedMediaType, $"Content-Encoding: found '{ProblemList.Quote(coding)}', expected none");
        }

        var text = request.Headers[JsonLengthHeader];
        if (text.Count == 0)
        {
            return null;
        }

        if (text.Count == 1 && long.TryParse(text[0], NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            jsonBytes = length;
            return null;
        }

        return (StatusCodes.Status400BadRequest, $"{JsonLengthHeader}: found '{ProblemList.Quote(text.ToString())}', expected one number of bytes");
    }

    /// <summary>What is read is taken from the budget of all bodies, and given back with the exchange.</summary>
    private async ValueTask<BodyEnd> ReadBodyAsync(HttpContext context, RequestBody body)
    {
        body.Reserve((int)Math.Min(MostBytesOnTrust, context.Request.ContentLength ?? 0));
        var reader = context.Request.BodyReader;
        while (true)
        {
            var part = await reader.ReadAsync(context.RequestAborted);
            if (body.Length + part.Buffer.Length > layout.BodyLimitBytes)
            {
                reader.AdvanceTo(part.Buffer.End);
                return BodyEnd.TooLarge;
            }

            if (!bodies.TryTake(part.Buffer.Length))
            {
                reader.AdvanceTo(part.Buffer.End);
                return BodyEnd.NoRoom;
            }

            Append(body, part.Buffer);
            reader.AdvanceTo(part.Buffer.End);
            if (part.IsCompleted)
            {
                return BodyEnd.Whole;
            }
        }
    }

    /// <summary>What did not fit into memory is not given back with the exchange, which does not have it.</summary>
    private void Append(RequestBody body, in ReadOnlySequence<byte> part)
    {
        try
        {
            body.Append(part);
        }
        catch
        {
            bodies.Return(part.Length);
            throw;
        }
    }

    private string TooLarge(string found) =>
        $"body: found {found} bytes, expected at most {layout.BodyLimitBytes} (model '{options.ModelName}', {layout.MaxSamples} samples a query)";
}
