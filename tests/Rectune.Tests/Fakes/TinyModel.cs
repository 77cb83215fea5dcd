using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Numerics;
using Rectune.Core.Representations;
using Rectune.Engine.Data;
using Rectune.Engine.Sessions;
using Xunit;

namespace Rectune.Tests.Fakes;

/// <summary>A real model in every respect but size: five tables, one of them multi-hot and ragged, small MLPs.</summary>
internal static class TinyModel
{
    private const int Dim = 16;

    public static ModelCard Card(InteractionKind interaction = InteractionKind.Dot, int denseFeatures = 5, int outputs = 1) => new()
    {
        Schema = ModelCard.SchemaName,
        Name = "tiny",
        Description = "a small DLRM",
        Source = "assumed: for tests",
        DenseFeatures = denseFeatures,
        Sparse =
        [
            new SparseFeature { Name = "user", Rows = 1000, Dim = Dim },
            new SparseFeature { Name = "item", Rows = 5000, Dim = Dim },
            new SparseFeature { Name = "recent", Rows = 300, Dim = Dim, Lookups = 4 },
            new SparseFeature { Name = "country", Rows = 7, Dim = Dim },
            new SparseFeature { Name = "device", Rows = 3, Dim = Dim },
        ],
        BottomMlp = denseFeatures > 0 ? [32, Dim] : [],
        Interaction = interaction,
        TopMlp = [24, outputs],
        Skew = new CardSkew { ZipfExponent = 1, Source = Provenance.Assumed, Where = "for tests" },
        Sla = new CardSla { Percentile = 99, LimitMs = 20, Source = Provenance.Assumed, Where = "for tests" },
    };

    /// <summary>Candidates with uniform ids; the multi-hot column is ragged with 0 to 7 ids a sample.</summary>
    public static FeatureBatch Pool(ModelCard card, int samples, ulong seed = 3)
    {
        var random = new SplitMix64(seed);
        var dense = new float[samples * card.DenseFeatures];
        for (var i = 0; i < dense.Length; i++)
        {
            dense[i] = (float)random.NextDouble();
        }

        var columns = new SparseColumn[card.Sparse.Count];
        for (var table = 0; table < columns.Length; table++)
        {
            var feature = card.Sparse[table];
            var ids = new List<int>();
            int[]? offsets = feature.Lookups == 1 ? null : new int[samples + 1];
            for (var sample = 0; sample < samples; sample++)
            {
                var count = offsets is null ? 1 : (int)random.NextInt64(8);
                for (var k = 0; k < count; k++)
                {
                    ids.Add((int)random.NextInt64(feature.Rows));
                }

                if (offsets is not null)
                {
                    offsets[sample + 1] = ids.Count;
                }
            }

            columns[table] = new SparseColumn([.. ids], offsets);
        }

        return new FeatureBatch(samples, dense, columns);
    }

    public static Configuration Configuration(TablePrecision precision = TablePrecision.Fp32, int threads = 1, int instances = 1) => new()
    {
        Representation = Representation.Table,
        TablePrecision = precision,
        Device = "cpu",
        Threads = threads,
        Instances = instances,
    };

    public static TableStore Tables(ulong seed, int threads = 1) => new(new RandomRows(seed), threads);

    /// <summary>One instance over tables in <paramref name="precision"/>.</summary>
    public static PathInstance Instance(ModelCard card, TableStore tables, TablePrecision precision, int threads, int maxBatch, ulong seed)
    {
        var graphs = new ModelGraphs(card, seed);
        return new PathInstance(graphs, Open(graphs, tables, precision), Configuration(precision, threads), maxBatch);
    }

    public static StoredTables Open(ModelGraphs graphs, TableStore tables, TablePrecision precision) =>
        tables.Open(graphs.Design(Representation.Table), Configuration(precision), new Progress<double>(), CancellationToken.None);

    /// <summary>The table of one feature, as a table representation keeps it.</summary>
    public static StoredRows Rows(ModelCard card, int feature) => RepresentationCatalog.Design(card, Representation.Table).Sources[feature].Stored[0];

    /// <summary>The oracle's score of one sample of a model with one output.</summary>
    public static double SlowScore(ModelCard card, FeatureBatch pool, int sample, ulong seed) => Assert.Single(SlowScores(card, pool, sample, seed));

    /// <summary>The oracle's scores of one sample, <c>[outputs]</c>: full-precision rows summed one by one.</summary>
    public static double[] SlowScores(ModelCard card, FeatureBatch pool, int sample, ulong seed)
    {
        var values = new RandomRows(seed);
        var rows = new double[card.Sparse.Count][][];
        for (var table = 0; table < rows.Length; table++)
        {
            var row = new float[card.Sparse[table].Dim];
            var (ids, offsets) = pool.Columns[table];
            var from = offsets is null ? sample : offsets[sample];
            var to = offsets is null ? sample + 1 : offsets[sample + 1];
            rows[table] = Array.ConvertAll(ids[from..to], id =>
            {
                values.Read(Rows(card, table), id, row);
                return Array.ConvertAll(row, value => (double)value);
            });
        }

        var dense = pool.Dense.AsSpan(sample * card.DenseFeatures, card.DenseFeatures);
        return SlowModel.Scores(card, new RandomParameters(seed), dense, rows);
    }
}
