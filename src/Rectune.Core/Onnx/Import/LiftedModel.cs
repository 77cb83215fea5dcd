using Rectune.Core.Domain;
using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Core.Onnx;

/// <summary>
/// A user's model taken apart: embedding lookups with their tables on one side, the remaining graph with the tensors of <see cref="DenseTensors"/> on the
/// other. Looking the rows up, laying them out in <c>pooled</c> and running the graph gives what the model gave.
/// </summary>
public sealed record LiftedModel
{
    /// <summary>In the order of their columns in <c>pooled</c>; empty when nothing could be lifted.</summary>
    public required IReadOnlyList<LiftedFeature> Features { get; init; }

    /// <summary>Ids per sample of every input that feeds lifted lookups, by the input's name.</summary>
    public required IReadOnlyDictionary<string, int> IdInputs { get; init; }

    public required IReadOnlyList<LiftedTable> Tables { get; init; }

    /// <summary>In the order of their columns in <c>dense</c>.</summary>
    public required IReadOnlyList<DenseInput> DenseInputs { get; init; }

    /// <summary>Lookups that stay in the graph, with the reasons.</summary>
    public required IReadOnlyList<LookupInPlace> InPlace { get; init; }

    /// <summary>The model's own output that became <c>score</c>.</summary>
    public required string Output { get; init; }

    /// <summary>Columns of <c>score</c>; 0 when only running the graph can tell.</summary>
    public required int ScoreWidth { get; init; }

    /// <summary>The batch written into the file, null when it was left open. Whether others work is for a proof to say.</summary>
    public required long? ExportedBatch { get; init; }

    /// <summary>
    /// The remaining graph: inputs <c>dense [batch, W]</c> and <c>pooled [batch, P]</c>, each absent when it has no columns, output <c>score [batch, S]</c>.
    /// Weights kept in other files are still there.
    /// </summary>
    public required ModelProto Graph { get; init; }

    /// <summary>W: columns of <c>dense</c>.</summary>
    public int DenseWidth => DenseInputs.Sum(input => input.Width);

    /// <summary>P: columns of <c>pooled</c>.</summary>
    public int PooledWidth => Features.Sum(feature => feature.Width);
}
