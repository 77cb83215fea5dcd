using System.Runtime.InteropServices;
using Google.Protobuf;
using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Onnx;
using Rectune.Core.Onnx.Protobuf;
using Rectune.Core.Representations;
using Rectune.Engine.Data;
using AttributeType = Rectune.Core.Onnx.Protobuf.AttributeProto.Types.AttributeType;
using DataType = Rectune.Core.Onnx.Protobuf.TensorProto.Types.DataType;

namespace Rectune.Benchmarks.Serving;

/// <summary>
/// A whole model as one ONNX file with its look-ups inside: the inputs of a request, the fp32 rows and the dense graph that a plan of the same card and seed serves. Ids enter as
/// <c>int64 [batch, lookups]</c>.
/// </summary>
internal static class WholeGraph
{
    /// <summary>A file of the format holds two gigabytes at most; the layers take some of it.</summary>
    private const long MostTableBytes = 2_000_000_000;

    private const string Axis = "rows.axis";
    private const string Joined = "vectors.joined";
    private const string Flat = "vectors.extents";

    public static void Write(ModelCard card, ulong seed, string file)
    {
        var bytes = card.Sparse.Where(feature => feature.Table is null).Sum(feature => feature.Rows * feature.Dim * sizeof(float));
        if (bytes > MostTableBytes || card.Sparse.Any(feature => feature.Sequence))
        {
            throw new ArgumentException($"{card.Name}: found {bytes} bytes of tables, expected at most {MostTableBytes} and no sequences; lower --rows-cap", nameof(card));
        }

        var design = RepresentationCatalog.Design(card, Representation.Table);
        var model = ModelProto.Parser.ParseFrom(DenseGraph.Write(design.Layout, new RandomParameters(seed)));
        var dense = model.Graph;
        var whole = new GraphProto { Name = dense.Name };
        whole.Input.Add(dense.Input.Where(input => input.Name != DenseTensors.Pooled));
        whole.Output.Add(dense.Output);
        AddLookups(whole, design, new RandomRows(seed));
        whole.Node.Add(dense.Node);
        whole.Initializer.Add(dense.Initializer);
        model.Graph = whole;
        using var stream = File.Create(file);
        model.WriteTo(stream);
    }

    /// <summary>Looks up every feature, sums its rows where it has several, and joins the vectors as the dense graph takes them.</summary>
    private static void AddLookups(GraphProto graph, EmbeddingDesign design, RandomRows rows)
    {
        var (card, vectors) = (design.Card, new List<string>());
        foreach (var (slot, source) in design.Layout.Slots.Zip(design.Sources))
        {
            var (feature, stored) = (card.Sparse[slot.Feature], source.Stored[0]);
            var table = $"table.{stored.Name}";
            if (feature.Ids is null)
            {
                graph.Input.Add(Ids(feature.Name, feature.Lookups));
            }

            if (graph.Initializer.All(known => known.Name != table))
            {
                graph.Initializer.Add(Table(table, stored, rows));
            }

            var vector = $"vector.{feature.Name}";
            graph.Node.Add(Node("Gather", feature.Lookups > 1 ? $"{vector}.rows" : vector, table, feature.Ids ?? feature.Name));
            if (feature.Lookups > 1)
            {
                var sum = Node("ReduceSum", vector, $"{vector}.rows", Axis);
                sum.Attribute.Add(new AttributeProto { Name = "keepdims", Type = AttributeType.Int, I = 1 });
                graph.Node.Add(sum);
            }

            vectors.Add(vector);
        }

        // Vectors are [batch, 1, dim] until they are joined: one change of shape instead of one a feature.
        if (card.Sparse.Any(feature => feature.Lookups > 1))
        {
            graph.Initializer.Add(Integers(Axis, 1));
        }

        graph.Initializer.Add(Integers(Flat, -1, design.Layout.Width));
        var join = Node("Concat", Joined, [.. vectors]);
        join.Attribute.Add(new AttributeProto { Name = "axis", Type = AttributeType.Int, I = 2 });
        graph.Node.Add(join);
        graph.Node.Add(Node("Reshape", DenseTensors.Pooled, Joined, Flat));
    }

    private static NodeProto Node(string operatorType, string result, params string[] inputs)
    {
        var node = new NodeProto { OpType = operatorType, Name = result };
        node.Input.Add(inputs);
        node.Output.Add(result);
        return node;
    }

    private static TensorProto Table(string name, StoredRows stored, RandomRows rows)
    {
        var bytes = new byte[checked(stored.Rows * stored.Dim * sizeof(float))];
        rows.Read(stored, firstRow: 0, MemoryMarshal.Cast<byte, float>(bytes.AsSpan()));
        var tensor = new TensorProto { Name = name, DataType = (int)DataType.Float, RawData = UnsafeByteOperations.UnsafeWrap(bytes) };
        tensor.Dims.Add([stored.Rows, stored.Dim]);
        return tensor;
    }

    private static TensorProto Integers(string name, params long[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)DataType.Int64 };
        tensor.Dims.Add(values.Length);
        tensor.Int64Data.Add(values);
        return tensor;
    }

    private static ValueInfoProto Ids(string name, int lookups)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "batch" });
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = lookups });
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Int64, Shape = shape } } };
    }
}
