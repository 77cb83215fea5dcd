using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Core.Onnx;

/// <summary>
/// Exporters that fix the batch write it into the targets of Reshape, or flatten from axis 0 because that is the same for a batch of 1. Such nodes are
/// rewritten to follow the batch wherever nothing changes for the exported one.
/// </summary>
public static class BakedBatch
{
    /// <summary>Values of a graph whose shapes <see cref="Free"/> needs to know.</summary>
    public static IReadOnlyList<string> Watched(GraphProto graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var index = new GraphIndex(graph);
        return [.. graph.Node.Where(IsReshaping).Select(node => node.Input[0]).Where(value => index.Constant(value) is null).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Rewrites the graph in place.</summary>
    /// <param name="model">The graph's inputs follow the batch already.</param>
    /// <param name="batch">The exported batch.</param>
    /// <param name="shapes">Shapes of the watched values at that batch.</param>
    public static void Free(ModelProto model, long batch, IReadOnlyDictionary<string, long[]> shapes)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(shapes);
        var graph = model.Graph;
        var index = new GraphIndex(graph);
        var write = new OperatorWriter(graph, OnnxFile.OperatorSet(model), new ReservedNames(graph, keep: true));
        foreach (var node in graph.Node.Where(IsReshaping))
        {
            if (!shapes.TryGetValue(node.Input[0], out var shape))
            {
                continue;
            }

            var leads = shape.Length > 0 && shape[0] == batch;
            if (node.Is("Flatten"))
            {
                KeepFirstAxis(node, leads && batch == 1, shape.Length);
            }
            else if (index.Integers(node.Input[1]) is { Length: > 0 } target && target[0] == batch && Freed(target, leads && node.Int("allowzero", 0) == 0) is { } freed)
            {
                node.Input[1] = write.Integers(freed);
            }
        }

        GraphPruning.Prune(graph);
    }

    private static bool IsReshaping(NodeProto node) => node.Is("Reshape") || node.Is("Flatten");

    private static void KeepFirstAxis(NodeProto flatten, bool leads, int rank)
    {
        if (leads && flatten.Attribute("axis") is { } axis && (axis.I == 0 || axis.I == -rank))
        {
            axis.I = 1;
        }
    }

    /// <summary>0 copies the leading extent, which needs it to be the batch; −1 stands for whatever is left, of which there can be one.</summary>
    private static long[]? Freed(long[] target, bool leads) =>
        !target.AsSpan(1).Contains(-1) ? [-1, .. target[1..]]
        : leads ? [0, .. target[1..]]
        : null;
}
