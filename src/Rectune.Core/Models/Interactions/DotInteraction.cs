namespace Rectune.Core.Models.Interactions;

/// <summary>[bottom ‖ ⟨vᵢ, vⱼ⟩ for every pair] over the bottom output and all embeddings (Naumov et al., arXiv 1906.00091, section 2.2).</summary>
internal sealed class DotInteraction : IInteraction
{
    public IReadOnlyList<string> Variants { get; } = [GraphVariants.Default];

    public Interaction Build(GraphBuilder graph, GraphValue? dense, ModelInputs inputs, string variant)
    {
        ArgumentNullException.ThrowIfNull(dense);
        var dim = dense.Width;
        var vectors = inputs.Vectors();
        var pairs = new DiagonalPairs((vectors.Width / dim) + 1);
        var n = pairs.Vectors;
        var stacked = graph.Reshape("vectors.stacked", graph.Concat("vectors.flat", dense, vectors), n, dim);
        var wrapped = graph.Reshape("wrapped", graph.Concat("wrapped.flat", dense, vectors, dense), n + 1, dim);

        // Half of the products are what the model asks for; the other half come with the matrix form and are not its work.
        var counted = graph.Flops;
        var products = graph.MatMul("products", wrapped, graph.Transpose(stacked));
        graph.CountFlops(counted - graph.Flops + ((long)n * (n - 1) * dim));
        var reread = graph.Reshape("products.reread", products, n, n + 1);
        var diagonals = graph.Slice("diagonals", reread, 1, pairs.Diagonals + 1);
        var flat = graph.Reshape("pairs", diagonals, n * pairs.Diagonals);
        return new Interaction(graph.Concat("interaction", dense, flat), dim + (n * (n - 1) / 2), pairs.InputOrder(dim));
    }
}
