using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Core.Onnx;

/// <summary>
/// Some consecutive elements of every sample, cut out by Slice, Split or a Gather with a stored index: how models take the ids of one feature from a matrix
/// of all features' ids.
/// </summary>
/// <param name="Shape">Shape of what is cut out.</param>
/// <param name="First">Its first element within the sample.</param>
internal sealed record ColumnSelection(BatchShape Shape, long First)
{
    /// <summary>What one output of a node selects; null when that is not the same run of elements in every sample.</summary>
    public static ColumnSelection? Of(GraphIndex graph, NodeProto node, int output, BatchShape shape) => node.OpType switch
    {
        "Slice" => Slice(graph, node, shape),
        "Split" => Split(graph, node, output, shape),
        "Gather" => Gather(graph, node, shape),
        _ => null,
    };

    private static ColumnSelection? Slice(GraphIndex graph, NodeProto node, BatchShape shape)
    {
        var starts = Operand(graph, node, 1, "starts");
        var ends = Operand(graph, node, 2, "ends");
        var axes = Operand(graph, node, 3, "axes") ?? (node.Input.Count > 3 && node.Input[3].Length > 0 ? null : [.. Enumerable.Range(0, starts?.Length ?? 0).Select(axis => (long)axis)]);
        var steps = Operand(graph, node, 4, "steps");
        if (starts is null || ends?.Length != starts.Length || axes?.Length != starts.Length || (node.Input.Count > 4 && steps is null) || steps?.All(step => step == 1) == false)
        {
            return null;
        }

        var selected = new ColumnSelection(shape, 0);
        for (var i = 0; i < starts.Length && selected is not null; i++)
        {
            var axis = axes[i] < 0 ? axes[i] + shape.Rank : axes[i];
            if (axis < 0 || axis >= shape.Rank)
            {
                return null;
            }

            var extent = shape[(int)axis];
            // "From the first to the last", written as the largest number there is, leaves the batch as it is.
            selected = axis != shape.BatchAxis ? selected.Narrow(axis, Bound(starts[i], extent), Bound(ends[i], extent))
                : starts[i] == 0 && ends[i] >= int.MaxValue ? selected
                : null;
        }

        return selected;

        static long Bound(long bound, long extent) => Math.Clamp(bound < 0 ? bound + extent : bound, 0, extent);
    }

    private static ColumnSelection? Split(GraphIndex graph, NodeProto node, int output, BatchShape shape)
    {
        var axis = node.Int("axis", 0);
        axis = axis < 0 ? axis + shape.Rank : axis;
        var sizes = Operand(graph, node, 1, "split");
        if (axis < 0 || axis >= shape.Rank || (node.Input.Count > 1 && sizes is null) || (sizes is not null && sizes.Length != node.Output.Count))
        {
            return null;
        }

        var extent = shape[(int)axis];
        var even = (extent + node.Output.Count - 1) / node.Output.Count;
        var from = sizes?.Take(output).Sum() ?? even * output;
        return new ColumnSelection(shape, 0).Narrow(axis, from, from + (sizes?[output] ?? Math.Min(even, extent - from)));
    }

    private static ColumnSelection? Gather(GraphIndex graph, NodeProto node, BatchShape shape)
    {
        var axis = node.Int("axis", 0);
        axis = axis < 0 ? axis + shape.Rank : axis;
        if (axis < 0 || axis >= shape.Rank || graph.Constant(node.Input[1]) is not { Dims.Count: <= 1 } stored || TensorData.Integers(stored) is not { Length: 1 } index)
        {
            return null;
        }

        var from = index[0] < 0 ? index[0] + shape[(int)axis] : index[0];
        var selected = new ColumnSelection(shape, 0).Narrow(axis, from, from + 1);
        return stored.Dims.Count == 1 ? selected
            : selected?.Shape.Squeeze([axis]) is { } squeezed ? selected with { Shape = squeezed } : null;
    }

    private static long[]? Operand(GraphIndex graph, NodeProto node, int input, string attribute) =>
        node.Input.Count > input && node.Input[input].Length > 0 ? graph.Integers(node.Input[input]) : node.Ints(attribute);

    /// <summary>Elements <paramref name="from"/> … <paramref name="to"/> − 1 along an axis.</summary>
    private ColumnSelection? Narrow(long axis, long from, long to) =>
        Shape.Narrow((int)axis, from, to, out var first) is { } narrow ? new ColumnSelection(narrow, First + first) : null;
}
