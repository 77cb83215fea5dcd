using Rectune.Core.Domain;
using Rectune.Core.Onnx.Protobuf;
using DataType = Rectune.Core.Onnx.Protobuf.TensorProto.Types.DataType;

namespace Rectune.Core.Onnx;

/// <summary>Turns a model into its remaining graph, in place: the user's inputs and looked-up rows become slices of <c>dense</c> and <c>pooled</c>.</summary>
internal sealed class ResidualGraph
{
    /// <summary>From here on stored tensors need not be listed as inputs.</summary>
    private const long FreeInitializers = 4;

    private readonly ModelProto model;
    private readonly OperatorWriter write;
    private readonly HashSet<NodeProto> replaced = new(ReferenceEqualityComparer.Instance);
    private readonly List<ValueInfoProto> inputs = [];

    public ResidualGraph(ModelProto model, ReservedNames names)
    {
        this.model = model;
        write = new OperatorWriter(model.Graph, OnnxFile.OperatorSet(model), names);
    }

    private GraphProto Graph => model.Graph;

    /// <summary>Reads lifted values from <c>pooled</c>; the shapes that the graph took of the ids follow from the batch of <c>pooled</c>.</summary>
    public void Replace(LiftedColumns columns, IEnumerable<InputTrace> lifted)
    {
        var total = columns.Features.Sum(feature => feature.Width);
        if (total == 0)
        {
            return;
        }

        inputs.Add(GraphWriter.Describe(DenseTensors.Pooled, [total]));
        foreach (var value in columns.Values)
        {
            var feature = columns.Features[value.Feature];
            var type = (DataType)columns.Tables[feature.Table].Data.DataType;
            Derive(DenseTensors.Pooled, total, feature.Offset, feature.Width, value.Shape.Target, type, value.Node.Output[0]);
            replaced.Add(value.Node);
        }

        foreach (var use in lifted.SelectMany(trace => trace.Shapes))
        {
            ReplaceShape(use);
        }
    }

    /// <summary>Reads the user's remaining inputs from <c>dense</c>.</summary>
    public void Feed(IReadOnlyList<ModelInput> fed, IReadOnlyList<DenseInput> columns)
    {
        var total = columns.Sum(input => input.Width);
        if (total == 0)
        {
            return;
        }

        inputs.Add(GraphWriter.Describe(DenseTensors.Dense, [total]));
        for (var i = 0; i < fed.Count; i++)
        {
            Derive(DenseTensors.Dense, total, columns[i].Offset, columns[i].Width, [-1, .. fed[i].Extents], fed[i].Type, fed[i].Name);
        }
    }

    /// <param name="output">What becomes <c>score</c>.</param>
    /// <param name="width">Its elements per sample, 0 when unknown.</param>
    public void Finish(ModelOutput output, int width)
    {
        var first = write.Nodes.ToArray();
        var y = output.Type == DataType.Float ? output.Name : write.Cast(output.Name, DataType.Float);
        _ = width > 0 ? write.Reshape(y, [-1, width], DenseTensors.Score) : write.Flatten(y, DenseTensors.Score);
        var own = Graph.Node.Where(node => !replaced.Contains(node)).ToArray();
        Graph.Node.Clear();
        Graph.Node.AddRange([.. first, .. own, .. write.Nodes.Skip(first.Length)]);
        Graph.Input.Clear();
        Graph.Input.AddRange(inputs);
        Graph.Output.Clear();
        var score = GraphWriter.Describe(DenseTensors.Score, [Math.Max(width, 1)]);
        if (width == 0)
        {
            score.Type.TensorType.Shape = null;
        }

        Graph.Output.Add(score);
        // Shapes noted for the exported batch would contradict the open one.
        ForgetShapes(Graph);
        model.IrVersion = Math.Max(model.IrVersion, FreeInitializers);
        GraphPruning.Prune(Graph);
    }

    private static void ForgetShapes(GraphProto graph)
    {
        graph.ValueInfo.Clear();
        foreach (var body in graph.Node.SelectMany(node => node.Subgraphs()))
        {
            ForgetShapes(body);
        }
    }

    /// <summary>Columns <paramref name="offset"/> … of <paramref name="source"/> in the shape and type that the graph expects.</summary>
    private void Derive(string source, int total, int offset, int width, long[] target, DataType type, string result)
    {
        var x = width == total ? source : write.Slice(source, 1, offset, offset + width);
        var isPlain = target.Length == 2 && target[0] == -1;
        if (type != DataType.Float)
        {
            _ = write.Cast(isPlain ? x : write.Reshape(x, target), type, result);
        }
        else
        {
            _ = isPlain ? write.Identity(x, result) : write.Reshape(x, target, result);
        }
    }

    private void ReplaceShape(ShapeUse use)
    {
        var batch = write.Slice(write.Shape(DenseTensors.Pooled), 0, 0, 1);
        var (start, end) = Bounds(use);
        var parts = new List<string>();
        for (var axis = start; axis < end; axis++)
        {
            var extent = use.Operand[axis];
            parts.Add(axis != use.Operand.BatchAxis ? write.Integers(extent) : extent == 1 ? batch : write.Multiply(batch, extent));
        }

        _ = parts.Count == 0 ? write.Slice(batch, 0, 0, 0, use.Node.Output[0]) : write.Concat(parts, use.Node.Output[0]);
        replaced.Add(use.Node);
    }

    /// <summary>Operator set 15 lets Shape return a part of the extents.</summary>
    private static (int Start, int End) Bounds(ShapeUse use)
    {
        var rank = use.Operand.Rank;
        return (Axis(use.Node.Int("start", 0)), Axis(use.Node.Int("end", rank)));

        int Axis(long axis) => (int)Math.Clamp(axis < 0 ? axis + rank : axis, 0, rank);
    }
}
