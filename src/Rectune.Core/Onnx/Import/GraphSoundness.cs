using Rectune.Core.Domain;
using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Core.Onnx;

/// <summary>What every reader of a graph takes for granted: nodes have their operands, and no value depends on itself.</summary>
internal static class GraphSoundness
{
    /// <summary>The first thing wrong with the graph; null when it is sound.</summary>
    public static InputProblem? Problem(GraphProto graph, string fileName)
    {
        var bare = graph.Node.FirstOrDefault(node => node.Output.Count == 0 || node.Input.Count < Operands(node));
        if (bare is not null)
        {
            return new InputProblem(
                fileName, $"found {bare.OpType} {bare.Shown()} with {bare.Input.Count} inputs and {bare.Output.Count} outputs, fewer than it needs", "export the model again");
        }

        var circular = Circular(graph);
        return circular is null ? null
            : new InputProblem(fileName, $"found {circular.OpType} {circular.Shown()} that depends on itself, expected a graph without cycles", "export the model again");
    }

    private static int Operands(NodeProto node) => !OperatorDomains.IsStandard(node.Domain) ? 0 : node.OpType switch
    {
        "Gather" or "Reshape" => 2,
        "Cast" or "Flatten" or "Identity" or "ReduceSum" or "Shape" or "Slice" or "Split" or "Squeeze" or "Transpose" or "Unsqueeze" => 1,
        _ => 0,
    };

    /// <summary>A node left over when nodes are taken away one by one as soon as all they read is known.</summary>
    private static NodeProto? Circular(GraphProto graph)
    {
        var waiting = new Dictionary<NodeProto, int>(ReferenceEqualityComparer.Instance);
        var readers = new Dictionary<string, List<NodeProto>>(StringComparer.Ordinal);
        var computed = graph.Node.SelectMany(node => node.Output).ToHashSet(StringComparer.Ordinal);
        var ready = new Stack<NodeProto>();
        foreach (var node in graph.Node)
        {
            var reads = node.Reads().Where(computed.Contains).Distinct(StringComparer.Ordinal).ToArray();
            waiting[node] = reads.Length;
            foreach (var value in reads)
            {
                if (!readers.TryGetValue(value, out var list))
                {
                    readers[value] = list = [];
                }

                list.Add(node);
            }

            if (reads.Length == 0)
            {
                ready.Push(node);
            }
        }

        while (ready.TryPop(out var node))
        {
            foreach (var reader in node.Output.Distinct(StringComparer.Ordinal).SelectMany(value => readers.GetValueOrDefault(value) ?? []))
            {
                if (--waiting[reader] == 0)
                {
                    ready.Push(reader);
                }
            }
        }

        return waiting.FirstOrDefault(entry => entry.Value > 0).Key;
    }
}
