using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Representations;
using Rectune.Engine.Data;
using Rectune.Engine.Sessions;
using Xunit;

namespace Rectune.Tests.Fakes;

/// <summary>One loaded instance of a model in some representation, with seeded weights, and the slow scores to hold it against.</summary>
internal sealed class RepresentationRun : IDisposable
{
    public const ulong Seed = 23;

    private readonly RowEvaluator evaluator;
    private readonly TableStore tables;

    /// <param name="cacheBytes">Of finished vectors.</param>
    /// <param name="popular">Whose they are at first, and by which centroids are chosen.</param>
    /// <param name="centroids">In place of decoders; 0 for none.</param>
    public RepresentationRun(
        ModelCard card,
        string representation,
        int maxBatch,
        TablePrecision precision = TablePrecision.Fp32,
        int threads = 1,
        bool spinning = false,
        long cacheBytes = 0,
        PopularIds? popular = null,
        int centroids = 0)
    {
        var graphs = new ModelGraphs(card, Seed);
        evaluator = new RowEvaluator(graphs);
        tables = new TableStore(new RandomRows(Seed), threads: 2, evaluator, popular: () => popular);
        var configuration = TinyModel.Configuration(precision, threads) with
        {
            Representation = RepresentationCatalog.Parse(representation, "a test"),
            CacheBytes = cacheBytes,
            Centroids = centroids,
            Runtime = new RuntimeOptions { Spinning = spinning },
        };
        var design = graphs.Design(configuration.Representation);
        Instance = new PathInstance(graphs, tables.Open(design, configuration, new Progress<double>(), CancellationToken.None), configuration, maxBatch);
    }

    public PathInstance Instance { get; }

    /// <summary>Values of a stored row, drawn for its name.</summary>
    public static double[] Row(string name, long row, int dim, double limit)
    {
        var values = new float[dim];
        new RandomRows(Seed).Read(new StoredRows(name, row + 1, dim, limit), row, values);
        return Array.ConvertAll(values, value => (double)value);
    }

    /// <summary>The table's row of an id, uniform on ±√(1 / rows).</summary>
    public static double[] TableRow(SparseFeature feature, int id) => Row(feature.Table ?? feature.Name, id, feature.Dim, Math.Sqrt(1.0 / feature.Rows));

    /// <summary>Holds a representation against the slow reference, sample by sample.</summary>
    /// <param name="vectors">For each vector that a feature gets: the slow vector of an id.</param>
    public static void AssertEqual(ModelCard card, string representation, double tolerance, params IReadOnlyList<Func<SparseFeature, int, double[]>> vectors)
    {
        const int Samples = 150;
        var pool = RepresentationCards.Pool(card, Samples);
        using var run = new RepresentationRun(card, representation, Samples);
        var scores = run.Scores(pool, (0, Samples));
        for (var sample = 0; sample < Samples; sample++)
        {
            var expected = SlowScores(card, pool, sample, vectors);
            for (var output = 0; output < expected.Length; output++)
            {
                var found = scores[(sample * expected.Length) + output];
                Assert.True(Math.Abs(expected[output] - found) <= tolerance, $"sample {sample}, output {output}: expected {expected[output]}, found {found}");
            }
        }
    }

    /// <summary>The scores of samples in parts of a pool, run together.</summary>
    public float[] Scores(FeatureBatch pool, params IReadOnlyList<(int Start, int Count)> parts)
    {
        Instance.Begin();
        foreach (var (start, count) in parts)
        {
            Instance.Add(pool, start, count);
        }

        Instance.Pool();
        Instance.Score();
        return Instance.Scores.ToArray();
    }

    public void Dispose()
    {
        Instance.Dispose();
        tables.Dispose();
        evaluator.Dispose();
    }

    /// <summary>A feature with two vectors scores as two features do: all first vectors, then all second ones.</summary>
    private static double[] SlowScores(ModelCard card, FeatureBatch pool, int sample, IReadOnlyList<Func<SparseFeature, int, double[]>> vectors)
    {
        var model = card with { Sparse = [.. vectors.SelectMany((_, vector) => card.Sparse.Select(f => f with { Name = $"{f.Name}/{vector}" }))] };
        var rows = vectors.SelectMany(vector => card.Sparse.Select((feature, i) => Bag(pool, feature, i, sample).Select(id => vector(feature, id)).ToArray())).ToArray();
        return SlowModel.Scores(model, new RandomParameters(Seed), pool.Dense.AsSpan(sample * card.DenseFeatures, card.DenseFeatures), rows);
    }

    private static int[] Bag(FeatureBatch pool, SparseFeature feature, int column, int sample)
    {
        var (ids, offsets) = pool.Columns[column];
        var each = ids.Length / pool.Samples;
        var bag = offsets is null ? ids[(sample * each)..((sample + 1) * each)] : ids[offsets[sample]..offsets[sample + 1]];
        return feature.Sequence ? [.. bag.Take(feature.Lookups)] : bag;
    }
}
