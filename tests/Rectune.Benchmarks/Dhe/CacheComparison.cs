using System.Diagnostics;
using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;
using Rectune.Core.Representations;
using Rectune.Core.Units;
using Rectune.Core.Workloads;
using Rectune.Engine.Data;
using Rectune.Engine.Sessions;

namespace Rectune.Benchmarks.Dhe;

/// <summary>
/// DLRM over Deep Hash Embedding with caches of finished vectors against the same path without, for several skews of the ids: hit rates as planned and as found, and what a run takes.
/// A round visits all paths of a skew in turn, so that drift hits all; a ratio is formed within a round.
/// </summary>
internal static class CacheComparison
{
    private const ulong Seed = 1;

    public static int Run(Options options)
    {
        var rounds = options.Whole("--rounds", 5);
        var batch = options.Whole("--batch", 128);
        var representation = RepresentationCatalog.Parse(options.Text("--representation", "dhe(k=1024,decoder=512-256)"), "--representation");
        long[] sizes = [0, .. options.Text("--sizes", "2MiB,16MiB").Split(',').Select(Size)];
        double[] skews = [.. options.Text("--skews", "0,0.8,1.05,1.2").Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        var visit = TimeSpan.FromSeconds(options.Number("--seconds", 80) / (rounds * skews.Length * sizes.Length));
        if (!Zoo.TryGetText("dlrm", out var text))
        {
            throw new InvalidOperationException("the zoo has no dlrm");
        }

        var card = CardFormat.Read(text, "dlrm.json");
        var graphs = new ModelGraphs(card, Seed);
        var report = new Report(options, "A cache of finished vectors before Deep Hash Embedding");
        var (lines, culture) = (report.Text, CultureInfo.InvariantCulture);
        lines.Append(culture, $"- {card.Name} as {representation.Id()}, 1 instance of 1 thread, batches of {batch}; ONNX Runtime {report.Machine.Runtime.OnnxRuntime}\n");
        lines.Append(culture, $"- caches hold the ids that the skew makes most used, decoded on {Environment.ProcessorCount} threads at load; nothing enters or leaves while it is measured\n");
        lines.Append(culture, $"- {rounds} rounds, all paths of a skew in turn, {visit.TotalSeconds:F2} s a visit or at least 3 runs; medians of runs within a visit, medians and ranges over the rounds\n\n");
        lines.Append("| ids | cache | vectors | filled in, s | hits predicted | hits measured | of lookups | run, ms | range | times as fast as without | range |\n");
        lines.Append("|---|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var exponent in skews)
        {
            var skew = SkewText.Of(exponent, Provenance.Assumed);
            var pool = CandidatePool.Synthetic(card, skew, Seed, Environment.ProcessorCount);
            using var store = new TableStore(new RandomRows(Seed), Environment.ProcessorCount, popular: () => pool.Popular);
            var paths = new List<CachedPath>();
            try
            {
                foreach (var size in sizes)
                {
                    paths.Add(new CachedPath(graphs, store, representation, size, exponent, batch));
                }

                for (var round = 0; round < rounds; round++)
                {
                    foreach (var path in round % 2 == 0 ? paths : Enumerable.Reverse(paths))
                    {
                        path.Visit(pool.Features, visit);
                    }
                }

                paths.ForEach(path => path.Tabulate(lines, skew.Key(), paths[0]));
            }
            finally
            {
                paths.ForEach(path => path.Dispose());
            }
        }

        report.Write("mp-cache.md");
        return 0;
    }

    private static long Size(string text) => ByteSize.TryParse(text, out var size, out var problem) ? size.Bytes : throw new InvalidInputException("--sizes", problem);

    /// <summary>One size of the cache under one skew.</summary>
    private sealed class CachedPath : IDisposable
    {
        private readonly PathInstance instance;
        private readonly VectorCachePlan plan;
        private readonly long cacheBytes;
        private readonly int batch;
        private readonly double fillSeconds;
        private readonly List<double> medians = [];
        private int at;

        public CachedPath(ModelGraphs graphs, TableStore store, Representation representation, long cacheBytes, double exponent, int batch)
        {
            (this.cacheBytes, this.batch) = (cacheBytes, batch);
            var configuration = new Configuration
            {
                Representation = representation,
                TablePrecision = TablePrecision.Fp32,
                Device = "cpu",
                Threads = 1,
                Instances = 1,
                CacheBytes = cacheBytes,
                Runtime = new RuntimeOptions { Pinned = false },
            };
            var design = graphs.Design(representation);
            plan = VectorCachePlan.Of(design, cacheBytes, exponent);
            var stored = store.Open(design, configuration, new Progress<double>(), CancellationToken.None);
            var begun = Stopwatch.GetTimestamp();
            using (var cache = VectorCache.Of(graphs, stored, configuration with { Threads = Environment.ProcessorCount }))
            {
                fillSeconds = cache is null ? 0 : Stopwatch.GetElapsedTime(begun).TotalSeconds;
            }

            instance = new PathInstance(graphs, stored, configuration, batch);
        }

        public void Visit(FeatureBatch pool, TimeSpan length)
        {
            var ms = new List<double>();
            var begun = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(begun) < length || ms.Count < 4)
            {
                at = at + batch <= pool.Samples ? at : 0;
                var start = Stopwatch.GetTimestamp();
                instance.Begin();
                instance.Add(pool, at, batch);
                instance.Pool();
                instance.Score();
                ms.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                at += batch;
            }

            medians.Add(Report.Median(ms[1..]));
        }

        public void Tabulate(System.Text.StringBuilder lines, string skew, CachedPath without)
        {
            var sorted = medians.Order().ToArray();
            var speeds = without.medians.Zip(medians, (plain, own) => plain / own).Order().ToArray();
            var use = instance.CacheUse;
            lines.Append(CultureInfo.InvariantCulture, $"| {skew} | {new ByteSize(cacheBytes)} | {plan.Entries.Sum()} | {fillSeconds:F1} | {plan.HitRate:P2} | {use.HitRate ?? 0:P2} | {use.Lookups} | ");
            lines.Append(CultureInfo.InvariantCulture, $"{Report.Median(medians):F1} | {sorted[0]:F1}–{sorted[^1]:F1} | {Report.Median(speeds):F2} | {speeds[0]:F2}–{speeds[^1]:F2} |\n");
        }

        public void Dispose() => instance.Dispose();
    }
}
