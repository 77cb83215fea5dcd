using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rectune.Core.Domain;

namespace Rectune.Engine.Serving.Http;

/// <summary>What <c>GET /v2/live</c> answers: how the server did over its last full seconds, as JSON in UTF-8, with the unit in each name.</summary>
internal sealed class RecentDocument(HttpServerOptions options, ServerWatch watch)
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly double[] Percents = [50, 95, 99];

    public byte[] Write()
    {
        var now = watch.Now;
        var tally = watch.Recent.Full(now);

        // A server younger than what it remembers is judged by the full seconds that it has.
        var seconds = Math.Clamp((int)now.TotalSeconds, 1, watch.Recent.FullSeconds);
        var buffer = new ArrayBufferWriter<byte>(2048);
        using var json = new Utf8JsonWriter(buffer, Readable);
        json.WriteStartObject();
        json.WriteString("model", options.ModelName);
        json.WriteString("version", options.ModelVersion);
        json.WriteString("state", watch.CurrentReadiness().ToString().ToLowerInvariant());
        json.WriteNumber("uptimeS", Math.Round(now.TotalSeconds, 1));
        json.WriteNumber("overS", seconds);
        WriteRates(json, tally, seconds);
        WriteLatency(json, tally);
        json.WriteNumber("inFlight", watch.InFlight);
        json.WriteNumber("queueQueries", watch.Inside);
        WritePromise(json);
        json.WriteNumber("residentMemoryBytes", Environment.WorkingSet);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteRates(Utf8JsonWriter json, QueryTally tally, int seconds)
    {
        json.WriteNumber("offeredQps", Rate(tally.Owed, seconds));
        json.WriteNumber("answeredQps", Rate(tally.Of(QueryOutcome.Answered), seconds));
        json.WriteNumber("goodputQps", Rate(tally.GoodQueries, seconds));
        json.WriteNumber("samplesPerSecond", Rate(tally.Samples, seconds));
        json.WriteNumber("refusedQps", Rate(tally.Of(QueryOutcome.Refused), seconds));
        json.WriteNumber("lateQps", Rate(tally.Of(QueryOutcome.Late), seconds));
        json.WriteNumber("expiredQps", Rate(tally.Of(QueryOutcome.Expired), seconds));
        json.WriteNumber("failedQps", Rate(tally.Of(QueryOutcome.Failed), seconds));
        json.WriteNumber("unattainableQps", Rate(tally.Of(QueryOutcome.Unattainable), seconds));
        json.WriteNumber("invalidQps", Rate(tally.Of(QueryOutcome.Invalid), seconds));
        WriteOrNull(json, "overLimitShare", tally.Owed == 0 ? null : 1 - ((double)tally.GoodQueries / tally.Owed));
    }

    /// <summary>A percentile that falls among queries without an answer is no number: null, and said so.</summary>
    private static void WriteLatency(Utf8JsonWriter json, QueryTally tally)
    {
        json.WriteStartArray("latency");
        foreach (var percent in Percents)
        {
            var ms = tally.PercentileMs(percent);
            json.WriteStartObject();
            json.WriteNumber("percentile", percent);
            WriteOrNull(json, "ms", ms is { } value && double.IsFinite(value) ? Math.Round(value, 3) : null);
            json.WriteString("state", ms is null ? "too-few" : double.IsFinite(ms.Value) ? "known" : "unanswered");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static double Rate(long count, int seconds) => Math.Round((double)count / seconds, 1);

    private static void WriteOrNull(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WritePath(Utf8JsonWriter json, string path, PathUse use)
    {
        json.WriteStartObject();
        json.WriteString("path", path);
        json.WriteNumber("samples", use.Samples);
        json.WriteNumber("runs", use.Runs);
        json.WriteNumber("queries", use.Queries);
        json.WriteNumber("misses", use.Misses);
        if (use.Drift is { } drift)
        {
            json.WriteStartObject("serviceTimes");
            json.WriteString("state", ServedDrift.NameOf(drift.State));
            WriteOrNull(json, "ratio", drift.Ratio is { } ratio ? Math.Round(ratio, 3) : null);
            json.WriteNumber("low", Math.Round(drift.Low, 3));
            json.WriteNumber("high", Math.Round(drift.High, 3));
            json.WriteNumber("forS", Math.Round(drift.ForS, 1));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WritePromise(Utf8JsonWriter json)
    {
        if (watch.Served() is not ({ } promise, var paths))
        {
            json.WriteStartArray("paths");
            json.WriteEndArray();
            json.WriteNull("promise");
            return;
        }

        json.WriteNumber("queueLimit", promise.QueueLimit);
        json.WriteStartArray("paths");
        foreach (var (path, use) in paths)
        {
            WritePath(json, path, use);
        }

        json.WriteEndArray();
        json.WriteStartObject("promise");
        json.WriteString("path", promise.PathId);
        json.WriteNumber("qps", promise.Qps);
        json.WriteNumber("percentile", promise.Sla.Percentile);
        json.WriteNumber("limitMs", promise.Sla.LimitMs);
        json.WriteNumber("allowedShare", Math.Round(promise.Sla.AllowedShare(), 6));
        json.WriteString("verdict", promise.Verdict.Name());
        json.WriteEndObject();
    }
}
