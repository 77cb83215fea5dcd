using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Onnx;

namespace Rectune.Engine.Sessions;

/// <summary>The dense part of a model, ready to be loaded any number of times.</summary>
public sealed class DenseModel
{
    private DenseModel(byte[] graph, int denseWidth, int pooledWidth)
    {
        Graph = graph;
        DenseWidth = denseWidth;
        PooledWidth = pooledWidth;
    }

    /// <summary>The ONNX file.</summary>
    public byte[] Graph { get; }

    public int DenseWidth { get; }

    /// <summary>Sum of the tables' dims.</summary>
    public int PooledWidth { get; }

    /// <summary>The graph of a card with dense weights drawn from <paramref name="seed"/>.</summary>
    public static DenseModel Random(ModelCard card, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(card);
        var size = new ModelSize(card);
        var graph = DenseGraph.Write(size, DenseWeights.Random(size, seed));
        return new DenseModel(graph, card.DenseFeatures, card.Sparse.Sum(feature => feature.Dim));
    }
}
