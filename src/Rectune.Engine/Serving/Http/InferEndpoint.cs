using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rectune.Core.Domain;
using Rectune.Engine.Serving.Protocol;

namespace Rectune.Engine.Serving.Http;

/// <summary>Answers <c>POST …/infer</c>: reads the body, asks the target, writes the scores.</summary>
internal sealed class InferEndpoint(
    HttpServerOptions options, InputLayout layout, IQueryTarget target, ServerMetrics metrics, DrainGate gate)
{
    private const string Draining = "the server is draining and takes no new queries; ask another instance";

    private const string TooLate = "too much lies ahead of this query to answer it in time; ask another instance, or at a lower rate";

    public const string JsonLengthHeader = "Inference-Header-Content-Length";

    /// <summary>Seconds; a full queue is short beside it, and it is the smallest number the header can say.</summary>
    private const string RetryAfterSeconds = "1";

    private readonly ExchangePool pool = new(layout, options.ModelName, options.ModelVersion);

    public async Task AnswerAsync(HttpContext context)
    {
        if (!gate.TryEnter())
        {
            metrics.Ended(QueryOutcome.Draining);
            await TurnAwayAsync(context, Draining);
            return;
        }

        try
        {
            metrics.Ended(await TryAnswerAsync(context));
        }
        finally
        {
            gate.Exit();
        }
    }

    private static async Task TurnAwayAsync(HttpContext context, string message)
    {
        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        await JsonReply.WriteErrorAsync(context, StatusCodes.Status503ServiceUnavailable, message);
    }

    private async Task<QueryOutcome> TryAnswerAsync(HttpContext context)
    {
        var exchange = pool.Rent();
        try
        {
            var outcome = await AnswerAsync(context, exchange);
            pool.Return(exchange);
            return outcome;
        }
        catch (BadHttpRequestException e) when (!context.RequestAborted.IsCancellationRequested)
        {
            pool.Return(exchange);
            var message = e.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLarge("too many") : $"body: {e.Message}";
            await JsonReply.WriteErrorAsync(context, e.StatusCode, message);
            return QueryOutcome.Invalid;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client left. Reading or writing was under way, never a query: its end is awaited whatever the client does.
            pool.Return(exchange);
            return QueryOutcome.Abandoned;
        }
        catch (Exception e)
        {
            // The exchange is dropped: it is not known who still holds it.
            options.OnFault?.Invoke(e);
            await JsonReply.WriteErrorAsync(context, StatusCodes.Status500InternalServerError, "the server failed on this query; its log says why");
            return QueryOutcome.Failed;
        }
    }

    private async Task<QueryOutcome> AnswerAsync(HttpContext context, Exchange exchange)
    {
        var request = exchange.Request;
        if (CheckHeaders(context.Request, out var jsonBytes) is { } fault)
        {
            await JsonReply.WriteErrorAsync(context, fault.Status, fault.Message);
            return QueryOutcome.Invalid;
        }

        if (!await ReadBodyAsync(context, request.Body))
        {
            await JsonReply.WriteErrorAsync(context, StatusCodes.Status413PayloadTooLarge, TooLarge("too many"));
            return QueryOutcome.Invalid;
        }

        var started = options.Clock.GetTimestamp();
        if (!request.Read(jsonBytes))
        {
            await JsonReply.WriteErrorAsync(context, StatusCodes.Status400BadRequest, request.Problems.ToString());
            return QueryOutcome.Invalid;
        }

        var expected = request.Samples * layout.Outputs;
        var tag = exchange.Completion.Begin(expected);
        switch (target.Submit(request.Batch, 0, request.Samples, exchange.Completion, tag))
        {
            case Admission.QueueFull:
                await TurnAwayAsync(context, "the queue is full; ask again later or at a lower rate");
                return QueryOutcome.Refused;
            case Admission.TooLate:
                await TurnAwayAsync(context, TooLate);
                return QueryOutcome.Late;
            case Admission.Closing:
                await TurnAwayAsync(context, Draining);
                return QueryOutcome.Draining;
        }

        var end = await exchange.Completion.WaitAsync();
        if (end == QueryEnd.Late)
        {
            await TurnAwayAsync(context, TooLate);
            return QueryOutcome.Late;
        }

        if (end != QueryEnd.Answered || !AreScores(exchange.Completion.Scores, expected))
        {
            await JsonReply.WriteErrorAsync(
                context, StatusCodes.Status500InternalServerError, $"the model could not score this query of {request.Samples} samples");
            return QueryOutcome.Failed;
        }

        await WriteScoresAsync(context, exchange);
        if (context.RequestAborted.IsCancellationRequested)
        {
            return QueryOutcome.Abandoned;
        }

        metrics.Answered(request.Samples, options.Clock.GetElapsedTime(started));
        return QueryOutcome.Answered;
    }

    private static bool AreScores(ReadOnlySpan<float> scores, int expected)
    {
        foreach (var score in scores)
        {
            if (!float.IsFinite(score))
            {
                return false;
            }
        }

        return scores.Length == expected;
    }

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

    /// <summary>Returns false when the body is over the limit.</summary>
    private async ValueTask<bool> ReadBodyAsync(HttpContext context, RequestBody body)
    {
        body.Clear();
        body.Reserve((int)(context.Request.ContentLength ?? 0));
        var reader = context.Request.BodyReader;
        while (true)
        {
            var part = await reader.ReadAsync(context.RequestAborted);
            if (body.Length + part.Buffer.Length > layout.BodyLimitBytes)
            {
                reader.AdvanceTo(part.Buffer.End);
                return false;
            }

            body.Append(part.Buffer);
            reader.AdvanceTo(part.Buffer.End);
            if (part.IsCompleted)
            {
                return true;
            }
        }
    }

    private string TooLarge(string found) =>
        $"body: found {found} bytes, expected at most {layout.BodyLimitBytes} (model '{options.ModelName}', {layout.MaxSamples} samples a query)";
}
