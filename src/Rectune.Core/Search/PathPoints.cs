using System.Globalization;
using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Representations;

namespace Rectune.Core.Search;

/// <summary>Describes configurations of one model on one machine to the cross-path model: work over limits, and the knobs. Safe from one thread at a time.</summary>
/// <param name="limits">Of the machine; null where they were not measured, and each term then counts work alone.</param>
/// <param name="caches">Of the machine; null where it does not tell, and no row is then taken to lie in one.</param>
/// <param name="skew">Of the ids, which decides how often a cache of vectors answers; null takes the card's.</param>
public sealed class PathPoints(ModelCard card, MachineLimits? limits, CacheSizes? caches = null, IndexSkew? skew = null)
{
    // Where nothing was measured: about a core of a server. Factors are fitted, so that only ratios between precisions and threads matter.
    private const double AssumedGigabytesPerSecond = 10;
    private const double AssumedRowsPerSecond = 2e7;
    private const double AssumedGflops = 50;
    private const double AssumedInt8Times = 2;
    private const double AssumedWakeUpUs = 20;
    private const double AssumedGraphRunUs = 5;

    private readonly Dictionary<(string Representation, int? Centroids), EmbeddingDesign> designs = [];
    private readonly Dictionary<(string Representation, string Variant), GraphWork> works = [];
    private readonly Dictionary<(string Representation, long Bytes), VectorCachePlan> plans = [];

    /// <summary>Names of the terms, in their order.</summary>
    public static IReadOnlyList<string> Terms { get; } = ["run", "wake-up", "operators", "rows", "cached rows", "hashes", "decoders", "layers", "weights", "values"];

    /// <summary>Names of the knobs, in the order of the levels.</summary>
    public static IReadOnlyList<string> Knobs { get; } = ["representation", "parameters", "table-precision", "dense-precision", "graph", "cores", "placement", "spinning", "pinned", "cache"];

    public PathPoint Of(Configuration configuration, int batch)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        var design = DesignOf(configuration);
        var work = WorkOf(design, configuration.GraphVariant);
        var int8 = configuration.DensePrecision == DensePrecision.Int8;
        var products = ProductsPerUs(configuration, configuration.DensePrecision);
        var bytesPerUs = BytesPerUs(configuration);
        var graphRunUs = limits?.GraphRunUs ?? AssumedGraphRunUs;
        var rowsUs = batch * RowsUs(design, configuration);
        var cached = CachedShare(design.StoredBytes(configuration.TablePrecision));
        var plan = PlanOf(design, configuration.CacheBytes);
        var vectorsUs = plan is null ? 0 : batch * VectorsUs(design, configuration);
        var cachedVectors = CachedShare(configuration.CacheBytes);
        var decoding = design.Decoding(Decoded);
        return new PathPoint(
            [
                graphRunUs,
                configuration.Threads > 1 ? limits?.WakeUpUs ?? AssumedWakeUpUs : 0,
                (work.Operators + (plan is null ? design.DecoderOperators(batch) : design.DecoderOperators(batch, Decoded))) * graphRunUs,
                ((1 - cached) * rowsUs) + ((1 - cachedVectors) * vectorsUs),
                (cached * rowsUs) + (cachedVectors * vectorsUs),
                batch * decoding.HashOperations / ProductsPerUs(configuration, DensePrecision.Fp32),
                batch * decoding.Flops / ProductsPerUs(configuration, DensePrecision.Fp32),
                batch * work.Flops / products,
                work.Parameters * (int8 ? 1 : sizeof(float)) / bytesPerUs,
                (double)batch * sizeof(float) * (design.Layout.Width + decoding.Values + work.Values) / bytesPerUs,
            ],
            [
                configuration.Representation.Kind,
                configuration.Representation.ParametersText(),
                configuration.TablePrecision.Name(),
                configuration.DensePrecision,
                configuration.GraphVariant,
                string.Create(CultureInfo.InvariantCulture, $"i{configuration.Instances}-t{configuration.Threads}"),
                configuration.Placement,
                configuration.Runtime.Spinning ? "yes" : "no",
                configuration.Runtime.Pinned ? "yes" : "no",
                string.Create(CultureInfo.InvariantCulture, $"{configuration.CacheBytes}{(configuration.Centroids is { } centroids ? $"/{centroids}" : "")}"),
            ],
            batch);

        double Decoded(int slot) => 1 - (plan?.HitRates[slot] ?? 0);
    }

    /// <summary>A measurement, by what its runs take that nobody disturbs.</summary>
    public MeasuredPoint Of(MeasurementRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new MeasuredPoint(Of(row.Key.Configuration, row.Key.Batch), row.QuietUs(), row.MedianRelativeError);
    }

    private EmbeddingDesign DesignOf(Configuration configuration)
    {
        var key = (configuration.Representation.Id(), configuration.Centroids);
        return designs.TryGetValue(key, out var known) ? known : designs[key] = RepresentationCatalog.Design(card, configuration);
    }

    private GraphWork WorkOf(EmbeddingDesign design, string variant)
    {
        var key = (design.Representation.Id(), variant);
        if (works.TryGetValue(key, out var known))
        {
            return known;
        }

        if (card.Graph is { } file)
        {
            // The operators of a file are not counted: each of its weights is taken to be used once.
            var weights = file.Bytes / sizeof(float);
            return works[key] = new GraphWork(2 * weights, weights, design.Layout.Width, Operators: 1);
        }

        var graph = new GraphBuilder(new NoGraph());
        ModelGraph.Build(design.Layout, variant, graph);
        return works[key] = new GraphWork(graph.Flops, graph.Parameters, graph.Values, graph.Operators);
    }

    /// <summary>What a cache of vectors keeps; null where there is none.</summary>
    private VectorCachePlan? PlanOf(EmbeddingDesign design, long cacheBytes)
    {
        if (cacheBytes == 0)
        {
            return null;
        }

        var key = (design.Representation.Id(), cacheBytes);
        return plans.TryGetValue(key, out var known)
            ? known
            : plans[key] = VectorCachePlan.Of(design, cacheBytes, skew is null ? card.Skew.ZipfExponent : skew.ZipfExponent ?? 0);
    }

    /// <summary>Part of the ids drawn evenly whose rows lie in the last cache of the processor once it is full of them, 0 to 1.</summary>
    private double CachedShare(long ofBytes) => caches?.L3Bytes is { } bytes ? Math.Min(1, (double)bytes / Math.Max(1, ofBytes)) : 0;

    /// <summary>Time that looking for one sample's finished vectors takes one instance while all of them look.</summary>
    private double VectorsUs(EmbeddingDesign design, Configuration configuration) => design.CachedTables.Sum(table =>
        VectorCachePlan.Lookups(design, table) * 1e6 * configuration.Instances / RowsPerSecond(configuration.Cores(), table.Dim * sizeof(float)));

    /// <summary>Time that fetching one sample's stored rows takes one instance while all of them fetch.</summary>
    private double RowsUs(EmbeddingDesign design, Configuration configuration)
    {
        var us = 0.0;
        for (var slot = 0; slot < design.Sources.Count; slot++)
        {
            var lookups = card.Sparse[design.Layout.Slots[slot].Feature].Lookups;
            us += lookups * design.Sources[slot].Stored.Sum(rows => 1e6 * configuration.Instances / RowsPerSecond(configuration.Cores(), configuration.TablePrecision.RowBytes(rows.Dim)));
        }

        return us;
    }

    /// <summary>Between measured widths of rows, linear in the time of a row; beyond the widest, in proportion.</summary>
    private double RowsPerSecond(int threads, int rowBytes)
    {
        if (limits is null)
        {
            return AssumedRowsPerSecond * threads;
        }

        var nearest = limits.Fetch.Min(limit => Math.Abs(limit.Threads - threads));
        var known = limits.Fetch.Where(limit => Math.Abs(limit.Threads - threads) == nearest).OrderBy(limit => limit.RowBytes).ToArray();
        var above = Array.FindIndex(known, limit => limit.RowBytes >= rowBytes);
        switch (above)
        {
            case -1:
                return known[^1].RowsPerSecond * known[^1].RowBytes / rowBytes;
            case 0:
                return known[0].RowsPerSecond;
            default:
                var (left, right) = (known[above - 1], known[above]);
                var share = (double)(rowBytes - left.RowBytes) / (right.RowBytes - left.RowBytes);
                return 1 / (((1 - share) / left.RowsPerSecond) + (share / right.RowsPerSecond));
        }
    }

    /// <summary>Of one instance while all of them multiply.</summary>
    private double ProductsPerUs(Configuration configuration, string precision)
    {
        var threads = configuration.Cores();
        var known = limits?.Products.Where(limit => limit.Precision == precision).MinBy(limit => Math.Abs(limit.Threads - threads));
        var gflops = known?.Gflops ?? AssumedGflops * threads * (precision == DensePrecision.Int8 ? AssumedInt8Times : 1);
        return gflops * 1e3 / configuration.Instances;
    }

    private double BytesPerUs(Configuration configuration)
    {
        var threads = configuration.Cores();
        var known = limits?.Stream.MinBy(limit => Math.Abs(limit.Threads - threads));
        return (known?.GigabytesPerSecond ?? AssumedGigabytesPerSecond * threads) * 1e3 / configuration.Instances;
    }

    /// <param name="Flops">Of a sample.</param>
    /// <param name="Parameters">Elements.</param>
    /// <param name="Values">Elements that operators write, of a sample.</param>
    /// <param name="Operators">Of a run.</param>
    private sealed record GraphWork(long Flops, long Parameters, long Values, int Operators);
}
