using Rectune.Core.Domain;
using Rectune.Core.Models;

namespace Rectune.Engine.Sessions;

/// <summary>The dense part of a model, ready to be loaded any number of times.</summary>
public sealed class DenseModel
{
    /// <param name="card">The model.</param>
    /// <param name="graph">Its dense part as an ONNX file with the tensors named in <see cref="DenseTensors"/>.</param>
    public DenseModel(ModelCard card, byte[] graph)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(graph);
        Graph = graph;
        DenseWidth = card.DenseFeatures;
        PooledWidth = card.Sparse.Sum(feature => feature.Dim);
        Outputs = new ModelSize(card).Outputs;
    }

    /// <summary>The ONNX file.</summary>
    public byte[] Graph { get; }

    /// <summary>0 where the model has no dense features; its graph then has no dense input.</summary>
    public int DenseWidth { get; }

    /// <summary>Sum of the tables' dims.</summary>
    public int PooledWidth { get; }

    /// <summary>Scores of a sample.</summary>
    public int Outputs { get; }
}
