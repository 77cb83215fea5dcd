using Rectune.Core.Domain;
using Rectune.Core.Models;

namespace Rectune.Core.Onnx;

/// <summary>
/// The dense part of a DLRM-shaped card as an ONNX file: bottom MLP, interaction, top MLP (Naumov et al., arXiv 1906.00091).
/// Inputs <c>dense [batch, dense features]</c> and <c>pooled [batch, tables · dim]</c>, output <c>score [batch, 1]</c>.
/// </summary>
public static class DenseGraph
{
    /// <summary>The graph of a card with dense weights drawn from <paramref name="seed"/>.</summary>
    public static byte[] WriteRandom(ModelCard card, ulong seed)
    {
        var size = new ModelSize(card);
        return Write(size, DenseWeights.Random(size, seed));
    }

    /// <param name="size">The architecture; its card has been checked.</param>
    /// <param name="weights">Every layer's parameters, bottom then top.</param>
    public static byte[] Write(ModelSize size, IReadOnlyList<LayerWeights> weights)
    {
        ArgumentNullException.ThrowIfNull(size);
        ArgumentNullException.ThrowIfNull(weights);
        var card = size.Card;
        var bottom = weights.Take(size.BottomLayers.Count);
        var top = weights.Skip(size.BottomLayers.Count).ToArray();
        var pooledWidth = card.Sparse.Sum(feature => feature.Dim);
        var graph = new GraphWriter(card.Name);
        var dense = graph.Input(DenseTensors.Dense, -1, card.DenseFeatures);
        var pooled = graph.Input(DenseTensors.Pooled, -1, pooledWidth);
        foreach (var layer in bottom)
        {
            dense = graph.Relu(graph.Linear(dense, layer));
        }

        string x;
        var first = top[0];
        if (card.Interaction == InteractionKind.Dot)
        {
            var pairs = new DiagonalPairs(card.Sparse.Count + 1);
            x = DotInteraction(graph, pairs, size.BottomWidth, dense, pooled);
            first = pairs.Rewrite(first, size.BottomWidth);
        }
        else
        {
            x = graph.Concat("interaction", 1, dense, pooled);
        }

        for (var i = 0; i < top.Length; i++)
        {
            x = graph.Linear(x, i == 0 ? first : top[i]);
            x = i + 1 < top.Length ? graph.Relu(x) : graph.Sigmoid(x);
        }

        graph.Output(x, DenseTensors.Score, -1, card.TopMlp[^1]);
        return graph.ToBytes();
    }

    /// <summary>[bottom ‖ ⟨vᵢ, vⱼ⟩ for every pair] in the order of <paramref name="pairs"/>, over the bottom output and all pooled vectors.</summary>
    private static string DotInteraction(GraphWriter graph, DiagonalPairs pairs, int dim, string bottom, string pooled)
    {
        var n = pairs.Vectors;
        var vectors = graph.Reshape("vectors", graph.Concat("vectors.flat", 1, bottom, pooled), -1, n, dim);
        var wrapped = graph.Reshape("wrapped", graph.Concat("wrapped.flat", 1, bottom, pooled, bottom), -1, n + 1, dim);
        var products = graph.MatMul("products", wrapped, graph.Transpose(vectors));
        var diagonals = graph.Slice("diagonals", graph.Reshape("products.reread", products, -1, n, n + 1), axis: 2, from: 1, to: pairs.Diagonals + 1);
        return graph.Concat("interaction", 1, bottom, graph.Reshape("pairs", diagonals, -1, (long)n * pairs.Diagonals));
    }
}
