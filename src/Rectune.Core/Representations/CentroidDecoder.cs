using Rectune.Core.Models;

namespace Rectune.Core.Representations;

/// <summary>
/// In a decoder's place, the vector of the centroid whose direction is nearest to the encoding's: a product with all of them and the largest element of it (the decoder cache of MP-Cache: Hsia
/// et al., MP-Rec, ASPLOS 2023). 2·N·k operations an id instead of the decoder's, and not its vector.
/// </summary>
/// <param name="Count">N, at least 1.</param>
/// <param name="Chosen">Null where they are still to be chosen: memory and work are known without, a graph cannot be written.</param>
public sealed record CentroidDecoder(int Count, CentroidVectors? Chosen) : IVectorDecoder
{
    public GraphValue Build(GraphBuilder graph, string name, GraphValue input, int dim)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(input);
        var directions = graph.Derived(name + ".centroids", _ => Known().Directions, input.Width, Count);
        var vectors = graph.Derived(name + ".centroid-vectors", _ => Known().Vectors, Count, dim);
        graph.CountParameters((long)Count * (input.Width + dim));
        var products = graph.MatMul(name + ".products", input, directions);
        var nearest = graph.Node("ArgMax", name + ".nearest", [], [products], GraphAttribute.Of("axis", 1L), GraphAttribute.Of("keepdims", 0L));
        return graph.Node("Gather", name + ".vector", [dim], [vectors, nearest], GraphAttribute.Of("axis", 0L));
    }

    private CentroidVectors Known() => Chosen ?? throw new InvalidOperationException("the centroids are not chosen yet");
}
