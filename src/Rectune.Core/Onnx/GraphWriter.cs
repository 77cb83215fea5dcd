using System.Runtime.InteropServices;
using Google.Protobuf;
using Rectune.Core.Models;
using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Core.Onnx;

/// <summary>Writes the graph that a <see cref="GraphBuilder"/> builds as an ONNX file.</summary>
/// <param name="name">Name of the graph.</param>
/// <param name="parameters">Values of the parameters.</param>
/// <param name="layers">How fully connected layers are written; null for fp32.</param>
public sealed class GraphWriter(string name, IParameters parameters, ILayerWriter? layers = null) : IGraphSink
{
    /// <summary>Operator set 17 and IR version 8: what ONNX 1.12 and every later runtime reads.</summary>
    public const int OperatorSet = 17;

    private const int IrVersion = 8;

    private readonly GraphProto graph = new() { Name = name };
    private readonly ILayerWriter layers = layers ?? new SingleLayerWriter();

    public IParameters Parameters { get; } = parameters;

    public void Input(string name, IReadOnlyList<int> extents) => graph.Input.Add(Describe(name, extents));

    public void Output(string value, string name, IReadOnlyList<int> extents)
    {
        Node("Identity", name, [value]);
        graph.Output.Add(Describe(name, extents));
    }

    public void Node(string operatorType, string result, IReadOnlyList<string> inputs, params IReadOnlyList<GraphAttribute> attributes) =>
        Node(operatorType, [result], inputs, attributes);

    /// <summary>A node of several outputs.</summary>
    public void Node(string operatorType, IReadOnlyList<string> results, IReadOnlyList<string> inputs, params IReadOnlyList<GraphAttribute> attributes)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(attributes);
        var node = new NodeProto { OpType = operatorType, Name = results[0] };
        node.Input.Add(inputs);
        node.Output.Add(results);
        node.Attribute.Add(attributes.Select(Attribute));
        graph.Node.Add(node);
    }

    public void Linear(string result, string x, int rank, LinearShape shape) => layers.Write(this, result, x, rank, shape);

    public void Parameter(ParameterShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Singles(shape.Name, Parameters.Values(shape), shape.Extents);
    }

    public void Derived(string name, IReadOnlyList<int> extents, Func<IParameters, float[]> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Singles(name, values(Parameters), extents);
    }

    public void Integers(string name, IReadOnlyList<long> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Tensor<long>(name, TensorProto.Types.DataType.Int64, [.. values], [values.Count]);
    }

    /// <summary>An fp32 tensor.</summary>
    public void Singles(string name, float[] values, IReadOnlyList<int> extents) => Tensor<float>(name, TensorProto.Types.DataType.Float, values, extents);

    /// <summary>A tensor of signed bytes.</summary>
    public void SignedBytes(string name, sbyte[] values, IReadOnlyList<int> extents) => Tensor<sbyte>(name, TensorProto.Types.DataType.Int8, values, extents);

    /// <summary>The finished file.</summary>
    public byte[] ToBytes()
    {
        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "rectune", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = OperatorSet });
        return model.ToByteArray();
    }

    private static AttributeProto Attribute(GraphAttribute attribute)
    {
        var proto = new AttributeProto { Name = attribute.Name };
        if (attribute.Integer is { } integer)
        {
            (proto.Type, proto.I) = (AttributeProto.Types.AttributeType.Int, integer);
        }
        else if (attribute.Integers is { } integers)
        {
            proto.Type = AttributeProto.Types.AttributeType.Ints;
            proto.Ints.Add(integers);
        }
        else if (attribute.Real is { } real)
        {
            (proto.Type, proto.F) = (AttributeProto.Types.AttributeType.Float, real);
        }
        else
        {
            (proto.Type, proto.S) = (AttributeProto.Types.AttributeType.String, ByteString.CopyFromUtf8(attribute.Text ?? ""));
        }

        return proto;
    }

    /// <summary>A float tensor whose first axis is the batch.</summary>
    internal static ValueInfoProto Describe(string valueName, IReadOnlyList<int> extents)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = new TensorShapeProto() };
        tensor.Shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "batch" });
        tensor.Shape.Dim.Add(extents.Select(extent => new TensorShapeProto.Types.Dimension { DimValue = extent }));
        return new ValueInfoProto { Name = valueName, Type = new TypeProto { TensorType = tensor } };
    }

    private void Tensor<T>(string name, TensorProto.Types.DataType type, T[] values, IReadOnlyList<int> extents)
        where T : unmanaged
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<T>(values)) };
        tensor.Dims.Add(extents.Select(extent => (long)extent));
        graph.Initializer.Add(tensor);
    }
}
