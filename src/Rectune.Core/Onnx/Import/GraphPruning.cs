using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Core.Onnx;

/// <summary>Removes from a graph what its outputs do not need: nodes, stored tensors and inputs.</summary>
internal static class GraphPruning
{
    public static void Prune(GraphProto graph)
    {
        var producers = new Dictionary<string, NodeProto>(StringComparer.Ordinal);
        foreach (var node in graph.Node)
        {
            foreach (var output in node.Output)
            {
                producers[output] = node;
            }
        }

        var needed = new HashSet<string>(StringComparer.Ordinal);
        var kept = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        var open = new Stack<string>(graph.Output.Select(output => output.Name));
        while (open.TryPop(out var value))
        {
            if (needed.Add(value) && producers.TryGetValue(value, out var node) && kept.Add(node))
            {
                foreach (var read in node.Reads())
                {
                    open.Push(read);
                }
            }
        }

        Keep(graph.Node, kept.Contains);
        Keep(graph.Initializer, tensor => needed.Contains(tensor.Name));
        Keep(graph.Input, value => needed.Contains(value.Name));
    }

    private static void Keep<T>(Google.Protobuf.Collections.RepeatedField<T> items, Func<T, bool> isKept)
    {
        var kept = items.Where(isKept).ToArray();
        if (kept.Length < items.Count)
        {
            items.Clear();
            items.AddRange(kept);
        }
    }
}
