using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Units;
using Rectune.Core.Workloads;
using Rectune.Engine.Load;
using Rectune.Engine.Load.Http;
using Rectune.Engine.Serving.Http;

namespace Rectune.Benchmarks.Load;

/// <summary>How well the load generator keeps to its schedule: against a target that answers in place, and over loopback HTTP against a server whose model does nothing.</summary>
internal static class GeneratorLateness
{
    private const ulong Seed = 1;
    private const double WarmUpSeconds = 1;

    public static int Run(Options options)
    {
        var qps = options.Number("--qps", 20_000);
        var seconds = options.Number("--seconds", 10);
        var report = new Report(options, "Lateness of the load generator");
        report.Text.Append(CultureInfo.InvariantCulture, $"- {qps} queries/s, Poisson arrivals, {seconds} s after {WarmUpSeconds} s of warm-up; lateness: submission after the scheduled instant; over HTTP the submitting thread also writes to the socket, and server and client share the process and the machine's cores\n");
        report.Text.Append("- kept up: p50 at most 20 us and p99 at most 200 us in process; p99 at most 1 ms over HTTP\n\n");
        report.Text.Append("| target | queries | answered | lateness p50 | p99 | p99.9 | largest | gaps' variation, scheduled | submitted | submitting thread | process | latency p50 | p99 | kept up |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        var pool = new FeatureBatch(1 << 16, [], []);
        Row(report, "in process, answers in place", new NothingTarget(), pool, new FixedSizes(1), qps, seconds, (20, 200), GeneratorUrgency.Ordinary, connections: null);
        OverHttp(report, options, qps, seconds);
        report.Write("generator.md");
        return 0;
    }

    private static void OverHttp(Report report, Options options, double qps, double seconds)
    {
        var serving = new HttpServerOptions { Urls = ["http://127.0.0.1:0"], ModelName = "nothing", Card = Card, MaxBatchSamples = 1 };
        var server = HttpServer.StartAsync(serving, new NothingTarget(), new ServerMetrics()).GetAwaiter().GetResult();
        try
        {
            var address = ServerAddress.Find(server.Addresses[0].AbsoluteUri, CancellationToken.None);
            var model = ModelDiscovery.Find(address, "nothing", CancellationToken.None);
            var requests = PreparedRequests.Write(address, model, new UniformValues(model, 2, Seed), new FixedSizes(1), TensorEncoding.Binary, Seed);
            using var target = new HttpLoadTarget(address.EndPoint, requests, options.Whole("--connections", 1024), TimeSpan.FromSeconds(5), TimeProvider.System);
            FirstQuery.Require(target, requests, address, CancellationToken.None);
            Row(report, "loopback HTTP, a model that does nothing", target, requests.Pool, requests.Sizes, qps, seconds, (double.PositiveInfinity, 1000), GeneratorUrgency.RealTime, () => target.TakeReport().MostConnections);
        }
        finally
        {
            server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static void Row(
        Report report, string name, IQueryTarget target, FeatureBatch pool, IQuerySizes sizes, double qps, double seconds, (double P50Us, double P99Us) most, GeneratorUrgency urgency, Func<int>? connections)
    {
        Drive(WarmUpSeconds, Seed + 1);
        GC.Collect();
        var cpu = Environment.CpuUsage.TotalTime;
        var result = Drive(seconds, Seed);
        var process = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds / result.ScheduledSeconds;
        double[] lateness = [.. result.LatenessUs.Order()];
        double[] latency = [.. result.LatencyMs.Order()];
        var submitted = new long[lateness.Length];
        for (var i = 0; i < submitted.Length; i++)
        {
            submitted[i] = result.ScheduledNs[i] + (long)(result.LatenessUs[i] * 1e3);
        }

        var (p50, p99) = (Percentiles.NearestRank(lateness, 0.5), Percentiles.NearestRank(lateness, 0.99));
        var used = connections is null ? "" : string.Create(CultureInfo.InvariantCulture, $", {connections()} connections");
        report.Text.Append(CultureInfo.InvariantCulture, $"| {name}{used} | {lateness.Length} | {latency.Count(double.IsFinite)} | {p50:F1} us | {p99:F1} us | {Percentiles.NearestRank(lateness, 0.999):F0} us | {lateness[^1]:F0} us | {Variation(result.ScheduledNs):F3} | {Variation(submitted):F3} | ");
        report.Text.Append(CultureInfo.InvariantCulture, $"{result.GeneratorCpuShare:P0} of a core | {process:P0} | {Percentiles.NearestRank(latency, 0.5) * 1e3:F0} us | {Percentiles.NearestRank(latency, 0.99) * 1e3:F0} us | {(p50 <= most.P50Us && p99 <= most.P99Us ? "yes" : "no")} |\n");

        LoadResult Drive(double length, ulong seed)
        {
            var schedule = ArrivalSchedule.Create(new PoissonArrivals(), sizes, qps, Duration.FromSeconds(length), seed);
            return new OpenLoopGenerator(pool, TimeProvider.System, urgency).Run(target, schedule.InstantsNs, schedule.Sizes, seed, TimeSpan.FromSeconds(6), CancellationToken.None);
        }
    }

    private static double Variation(long[] instants)
    {
        var variation = new GapVariation();
        variation.Add(instants);
        return variation.Value ?? 0;
    }

    private static ModelCard Card { get; } = new()
    {
        Schema = ModelCard.SchemaName,
        Name = "nothing",
        Description = "for the socket alone",
        Source = "made up",
        DenseFeatures = 1,
        Sparse = [new SparseFeature { Name = "A", Rows = 2, Dim = 4 }],
        BottomMlp = [4],
        Interaction = InteractionKind.Dot,
        TopMlp = [1],
        Skew = new CardSkew { ZipfExponent = 0, Source = Provenance.Assumed, Where = "made up" },
        Sla = new CardSla { Percentile = 99, LimitMs = 20, Source = Provenance.Assumed, Where = "made up" },
    };

    private sealed class NothingTarget : IQueryTarget
    {
        private readonly float[] scores = new float[1];

        public Admission Submit(FeatureBatch source, int start, int count, IQueryObserver observer, long tag, QueryTerms terms = default)
        {
            observer.Ended(tag, scores, QueryEnd.Answered);
            return Admission.Accepted;
        }
    }
}
