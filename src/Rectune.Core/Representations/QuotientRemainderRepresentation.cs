using Rectune.Core.Domain;
using Rectune.Core.Models;

namespace Rectune.Core.Representations;

/// <summary>
/// Compositional embeddings (Shi et al., KDD 2020): a table over ⌊id / c⌋ and one over id mod c, multiplied element by element. Tables of few rows stay as they are.
/// </summary>
public sealed class QuotientRemainderRepresentation : IRepresentation
{
    public string Kind => "qr";

    public string Summary => "two small tables over quotient and remainder of the id, multiplied: about c times less memory";

    /// <summary>Defaults of the published code (facebookresearch/dlrm, tricks).</summary>
    public IReadOnlyList<ParameterDefinition> Parameters { get; } =
    [
        ParameterDefinition.Whole("collisions", 4, "ids that share a row of the quotient table", 2, 1 << 20),
        ParameterDefinition.Whole("above", 200, "tables with at most so many rows stay tables", 0, long.MaxValue),
    ];

    public VectorSource SourceOf(SparseFeature feature, int vector, ParameterSet settings)
    {
        var collisions = settings.Whole("collisions");
        if (feature.Rows <= Math.Max(collisions, settings.Long("above")))
        {
            return TableRepresentation.Rows(feature);
        }

        // A product of two draws on ±l has variance l⁴/9; a table's rows have 1/(3·rows).
        var limit = Math.Pow(3.0 / feature.Rows, 0.25);
        var name = feature.Table ?? feature.Name;
        return new VectorSource
        {
            Stored =
            [
                new StoredRows(name + ".quotient", ((feature.Rows - 1) / collisions) + 1, feature.Dim, limit, Divisor: collisions),
                new StoredRows(name + ".remainder", collisions, feature.Dim, limit, Modulus: collisions),
            ],
            Decoder = new ProductDecoder(),
        };
    }

    /// <summary>The two rows, multiplied element by element.</summary>
    private sealed record ProductDecoder : IVectorDecoder
    {
        public GraphValue Build(GraphBuilder graph, string name, GraphValue input, int dim) => graph.Multiply(
            name + ".product", graph.Slice(name + ".quotient", input, 0, dim), graph.Slice(name + ".remainder", input, dim, 2 * dim));
    }
}
