using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Rectune.Engine.Serving.Http;

/// <summary>
/// Metrics and traces of one server, sent to an OpenTelemetry collector (OTLP over HTTP, https://opentelemetry.io/docs/specs/otlp/#otlphttp). What is counted anyway is read when it is
/// sent; only the latencies of answered queries are recorded as they come.
/// </summary>
internal sealed class ServerInstruments : IDisposable
{
    /// <summary>Name of the meter, the trace source and the service.</summary>
    public const string Name = "rectune";

    /// <summary>Share of queries traced where the caller does not say; a caller that traces its request has it traced here too.</summary>
    private const double TracedShare = 0.01;

    private const int SendEveryMilliseconds = 10_000;

    private readonly Meter meter = new(Name);
    private readonly ActivitySource source = new(Name);
    private readonly Histogram<double> duration;

    private TracerProvider? traces;
    private MeterProvider? metrics;

    public ServerInstruments() => duration = meter.CreateHistogram(
        "rectune.query.duration",
        "s",
        "Answered queries, from the body read to the answer handed to the connection.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [.. DurationBuckets.BoundsSeconds] });

    /// <summary>Begins to send.</summary>
    public void Start(ServerWatch watch, HttpServerOptions options, string version)
    {
        CreateCounters(watch);
        if (options.Plan is not null)
        {
            PathInstruments.Create(meter, watch);
        }

        var resource = ResourceBuilder.CreateEmpty().AddService(Name, serviceVersion: version, autoGenerateServiceInstanceId: false).AddAttributes(
        [
            new("rectune.model", options.ModelName),
            new("rectune.path", options.Promise?.PathId ?? ""),
        ]);
        metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(Name)
            .AddOtlpExporter((exporter, reader) =>
            {
                Direct(exporter, options.Otlp!, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = SendEveryMilliseconds;
            })
            .Build();
        traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(Name)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(TracedShare)))
            .AddOtlpExporter(exporter => Direct(exporter, options.Otlp!, "v1/traces"))
            .Build();
    }

    /// <summary>The span of a query, under the caller's where its headers name one (W3C Trace Context); null where it is not traced.</summary>
    public Activity? Begin(IHeaderDictionary headers)
    {
        _ = ActivityContext.TryParse(headers.TraceParent, headers.TraceState, isRemote: true, out var caller);
        return source.StartActivity("infer", ActivityKind.Server, caller);
    }

    public void Ended(in QueryEnding ending, Activity? span)
    {
        if (ending.Outcome == QueryOutcome.Answered)
        {
            duration.Record(ending.Latency.TotalSeconds);
        }

        if (span is null)
        {
            return;
        }

        span.SetTag("rectune.outcome", ending.Outcome.ToString().ToLowerInvariant());
        span.SetTag("rectune.samples", ending.Samples);
        if (ending.Outcome != QueryOutcome.Answered)
        {
            span.SetStatus(ActivityStatusCode.Error, ending.Why);
        }
    }

    public void Dispose()
    {
        // Disposing sends what is left.
        traces?.Dispose();
        metrics?.Dispose();
        source.Dispose();
        meter.Dispose();
    }

    private static void Direct(OtlpExporterOptions exporter, Uri collector, string signal)
    {
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri($"{collector.AbsoluteUri.TrimEnd('/')}/{signal}");
    }

    private void CreateCounters(ServerWatch watch)
    {
        var counts = watch.Metrics;
        var outcomes = Enum.GetValues<QueryOutcome>();
        meter.CreateObservableCounter(
            "rectune.queries",
            () => outcomes.Select(outcome => new Measurement<long>(counts.Queries(outcome), new KeyValuePair<string, object?>("outcome", outcome.ToString().ToLowerInvariant()))),
            "{query}",
            "Inference requests by how they ended.");
        meter.CreateObservableCounter("rectune.samples", () => counts.Samples, "{sample}", "Samples scored in answered queries.");
        meter.CreateObservableCounter("rectune.goodput.queries", () => counts.GoodQueries, "{query}", "Queries answered within the plan's limit.");
        meter.CreateObservableCounter("rectune.goodput.samples", () => counts.GoodSamples, "{sample}", "Samples of queries answered within the plan's limit.");
        meter.CreateObservableCounter("rectune.sla.misses", () => counts.Misses, "{query}", "Queries answered beyond the plan's limit, turned away, or failed.");
        meter.CreateObservableCounter("rectune.instances.replaced", () => watch.InstancesReplaced, "{instance}", "Instances that failed and were loaded anew.");
        meter.CreateObservableGauge("rectune.queries.in_flight", () => watch.InFlight, "{query}", "Inference requests being read, scored or answered.");
        meter.CreateObservableGauge("rectune.queue.queries", () => watch.Inside, "{query}", "Queries waiting or running.");
        meter.CreateObservableGauge("rectune.ready", () => watch.CurrentReadiness() == Readiness.Ready ? 1 : 0, "1", "1 while queries should be sent here.");
    }
}
