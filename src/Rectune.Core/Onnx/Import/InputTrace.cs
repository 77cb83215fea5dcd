using Rectune.Core.Onnx.Protobuf;
using DataType = Rectune.Core.Onnx.Protobuf.TensorProto.Types.DataType;

namespace Rectune.Core.Onnx;

/// <summary>
/// Where the elements of one input end up when followed through the operators that only re-shape, re-type or select them: as indices of a Gather, as numbers in
/// arithmetic, as the operand of a Shape, or anywhere else.
/// </summary>
internal sealed class InputTrace
{
    private readonly GraphIndex graph;
    private readonly List<LookupUse> lookups = [];
    private readonly List<ShapeUse> shapes = [];
    private readonly List<NodeProto?> numbers = [];
    private readonly List<NodeProto?> others = [];

    public InputTrace(GraphIndex graph, ModelInput input, long? exportedBatch)
    {
        this.graph = graph;
        Input = input;
        Follow(new Stop(input.Name, input.Type, input.Shape(exportedBatch), 0, null, input.Type == DataType.Float));
    }

    public ModelInput Input { get; }

    /// <summary>Every Gather that this input indexes.</summary>
    public IReadOnlyList<LookupUse> Lookups => lookups;

    public IReadOnlyList<ShapeUse> Shapes => shapes;

    /// <summary>Nodes that read the elements as floating-point numbers; null is the model's output.</summary>
    public IReadOnlyList<NodeProto?> Numbers => numbers;

    /// <summary>Nodes that read the elements as integers, but not to look up rows; null is the model's output.</summary>
    public IReadOnlyList<NodeProto?> Others => others;

    private void Follow(Stop at)
    {
        if (graph.IsOutput(at.Value))
        {
            End(at, null);
        }

        foreach (var node in graph.Consumers(at.Value))
        {
            var leads = node.Input.Count > 0 && node.Input[0] == at.Value;
            if (node.Is("Gather") && node.Input[1] == at.Value && at.IsInteger)
            {
                lookups.Add(new LookupUse(node, at.Shape, at.First, at.Obstacle, at.ThroughFloat));
            }
            else if (leads && node.Is("Shape") && at.Shape is not null)
            {
                shapes.Add(new ShapeUse(node, at.Shape));
            }
            else if (leads && node.Input.Skip(1).All(other => other != at.Value) && Step(at, node, 0) is not null)
            {
                for (var i = 0; i < node.Output.Count; i++)
                {
                    Follow(Step(at, node, i)! with { Value = node.Output[i] });
                }
            }
            else
            {
                End(at, node);
            }
        }
    }

    private void End(Stop at, NodeProto? node) => (at.IsInteger ? others : numbers).Add(node);

    /// <summary>The value after a node that hands on its first input's elements; null when the node computes.</summary>
    private Stop? Step(Stop at, NodeProto node, int output)
    {
        if (node.Is("Identity"))
        {
            return at;
        }

        if (node.Is("Cast"))
        {
            var type = (DataType)node.Int("to", 0);
            return type is DataType.Int32 or DataType.Int64 or DataType.Float or DataType.Double
                ? at with { Type = type, ThroughFloat = at.ThroughFloat || type == DataType.Float }
                : null;
        }

        if (node.Is("Slice") || node.Is("Split") || node.Is("Transpose") || (node.Is("Gather") && graph.Constant(node.Input[1]) is not null))
        {
            var selected = at.Shape is null ? null : ColumnSelection.Of(graph, node, output, at.Shape);
            return at with
            {
                Shape = selected?.Shape,
                First = at.First + (selected?.First ?? 0),
                Obstacle = at.Obstacle ?? (selected is null ? $"its ids pass through {node.OpType} {node.Shown()}" : null),
            };
        }

        var reshapes = node.Is("Reshape") || node.Is("Flatten") || node.Is("Squeeze") || node.Is("Unsqueeze");
        if (!reshapes)
        {
            return null;
        }

        var shape = at.Shape is null ? null : Reshaped(at.Shape, node);
        return at with
        {
            Shape = shape,
            Obstacle = at.Obstacle ?? (shape is null ? $"the shape after {node.OpType} {node.Shown()} depends on more than the batch" : null),
        };
    }

    private BatchShape? Reshaped(BatchShape shape, NodeProto node)
    {
        if (node.Is("Flatten"))
        {
            return shape.Flatten(node.Int("axis", 1));
        }

        var constant = node.Input.Count > 1 && node.Input[1].Length > 0 ? graph.Integers(node.Input[1]) : null;
        if (node.Is("Reshape"))
        {
            return constant is null || node.Int("allowzero", 0) != 0 ? null : shape.Reshape(constant);
        }

        var computed = constant is null && node.Input.Count > 1;
        var axes = constant ?? node.Ints("axes");
        return computed ? null
            : node.Is("Squeeze") ? shape.Squeeze(axes)
            : axes is null ? null : shape.Unsqueeze(axes);
    }

    /// <param name="Value">The value's name.</param>
    /// <param name="Type">Its element type.</param>
    /// <param name="Shape">Its shape, null once it cannot be told.</param>
    /// <param name="First">Which element of the input's sample is its first.</param>
    /// <param name="Obstacle">Why the shape cannot be told.</param>
    /// <param name="ThroughFloat">True once the elements were fp32, which holds integers up to 2²⁴ exactly.</param>
    private sealed record Stop(string Value, DataType Type, BatchShape? Shape, long First, string? Obstacle, bool ThroughFloat)
    {
        public bool IsInteger => Type is DataType.Int32 or DataType.Int64;
    }
}
