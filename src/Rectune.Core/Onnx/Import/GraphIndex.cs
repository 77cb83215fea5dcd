using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Core.Onnx;

/// <summary>A graph seen by its values: who writes each, who reads it, what is constant. A snapshot: edits of the graph do not show.</summary>
internal sealed class GraphIndex
{
    private readonly Dictionary<string, NodeProto> producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<NodeProto>> consumers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorProto> initializers = new(StringComparer.Ordinal);
    private readonly HashSet<string> outputs;

    public GraphIndex(GraphProto graph)
    {
        foreach (var node in graph.Node)
        {
            foreach (var output in node.Output)
            {
                producers[output] = node;
            }

            foreach (var name in node.Reads().Distinct())
            {
                if (!consumers.TryGetValue(name, out var readers))
                {
                    consumers[name] = readers = [];
                }

                readers.Add(node);
            }
        }

        foreach (var initializer in graph.Initializer)
        {
            initializers[initializer.Name] = initializer;
        }

        outputs = graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
    }

    public NodeProto? Producer(string value) => producers.GetValueOrDefault(value);

    public IReadOnlyList<NodeProto> Consumers(string value) => consumers.TryGetValue(value, out var readers) ? readers : [];

    public bool IsOutput(string value) => outputs.Contains(value);

    /// <summary>The value's name where it is stored: behind Identity nodes, by which exporters share weights.</summary>
    public string Origin(string value)
    {
        while (producers.TryGetValue(value, out var node) && node.Is("Identity"))
        {
            value = node.Input[0];
        }

        return value;
    }

    /// <summary>The stored tensor behind a value, whether an initializer or a Constant node; null when it is computed or fed.</summary>
    public TensorProto? Constant(string value)
    {
        var origin = Origin(value);
        return initializers.TryGetValue(origin, out var tensor) ? tensor
            : producers.TryGetValue(origin, out var node) && node.Is("Constant") ? node.Attribute("value")?.T
            : null;
    }

    /// <summary>The elements of a constant of integers, whatever its rank; null when the value is no such constant.</summary>
    public long[]? Integers(string value)
    {
        if (Constant(value) is { } tensor)
        {
            return TensorData.Integers(tensor);
        }

        var node = Producer(Origin(value));
        return node is null || !node.Is("Constant") ? null
            : node.Ints("value_ints") ?? (node.Attribute("value_int") is { } single ? [single.I] : null);
    }
}
