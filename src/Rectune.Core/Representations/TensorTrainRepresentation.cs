using Rectune.Core.Domain;
using Rectune.Core.Models;

namespace Rectune.Core.Representations;

/// <summary>
/// Tensor-train embeddings (TT-Rec, Yin et al., MLSys 2021): a table of n₁n₂n₃ rows and d₁d₂d₃ columns as three cores; the row of an id is the product of one slice of
/// each, <c>[d₁, r]·[r, d₂·r]·[r, d₃]</c>. Tables of few rows stay as they are.
/// </summary>
public sealed class TensorTrainRepresentation : IRepresentation
{
    public string Kind => "tt";

    public string Summary => "three small cores whose slices multiply to the row: hundreds of times less memory, some arithmetic";

    public IReadOnlyList<ParameterDefinition> Parameters { get; } =
    [
        ParameterDefinition.Whole("rank", 32, "width between neighbouring cores", 1, 256),
        ParameterDefinition.Whole("above", 10_000, "tables with at most so many rows stay tables", 0, long.MaxValue),
    ];

    public VectorSource SourceOf(SparseFeature feature, int vector, ParameterSet settings)
    {
        if (feature.Rows <= settings.Long("above"))
        {
            return TableRepresentation.Rows(feature);
        }

        var rank = settings.Whole("rank");
        var dims = Factors(feature.Dim);
        var rows = (long)Math.Ceiling(Math.Cbrt(feature.Rows));
        var firstRows = ((feature.Rows - 1) / (rows * rows)) + 1;

        // A row's element is a sum of r² products of three draws on ±l, variance r²·l⁶/27; a table's rows have 1/(3·rows).
        var limit = Math.Pow(9.0 / ((double)rank * rank * feature.Rows), 1.0 / 6);
        var name = feature.Table ?? feature.Name;
        return new VectorSource
        {
            Stored =
            [
                new StoredRows(name + ".core1", firstRows, dims[0] * rank, limit, Divisor: rows * rows),
                new StoredRows(name + ".core2", rows, rank * dims[1] * rank, limit, Divisor: rows, Modulus: rows),
                new StoredRows(name + ".core3", rows, rank * dims[2], limit, Modulus: rows),
            ],
            Decoder = new TrainDecoder(rank, dims[0], dims[1], dims[2]),
        };
    }

    /// <summary>Three factors of <paramref name="dim"/> as near to each other as its divisors allow, the largest last.</summary>
    internal static int[] Factors(int dim)
    {
        var first = Divisor(dim, Math.Cbrt(dim));
        var second = Divisor(dim / first, Math.Sqrt((double)dim / first));
        return [first, second, dim / first / second];
    }

    /// <summary>The largest divisor that is at most <paramref name="most"/>, rounding errors of roots forgiven.</summary>
    private static int Divisor(int value, double most)
    {
        var divisor = (int)(most + 1e-9);
        while (value % divisor != 0)
        {
            divisor--;
        }

        return divisor;
    }

    /// <summary>The three slices of an id multiplied.</summary>
    private sealed record TrainDecoder(int Rank, int First, int Second, int Third) : IVectorDecoder
    {
        public GraphValue Build(GraphBuilder graph, string name, GraphValue input, int dim)
        {
            var firstEnd = First * Rank;
            var secondEnd = firstEnd + (Rank * Second * Rank);
            var a = graph.Reshape(name + ".core1", graph.Slice(name + ".core1.flat", input, 0, firstEnd), First, Rank);
            var b = graph.Reshape(name + ".core2", graph.Slice(name + ".core2.flat", input, firstEnd, secondEnd), Rank, Second * Rank);
            var c = graph.Reshape(name + ".core3", graph.Slice(name + ".core3.flat", input, secondEnd, input.Width), Rank, Third);
            var ab = graph.Reshape(name + ".product12", graph.MatMul(name + ".product12.flat", a, b), First * Second, Rank);
            return graph.Reshape(name + ".vector", graph.MatMul(name + ".product123", ab, c), dim);
        }
    }
}
