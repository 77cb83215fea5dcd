using Rectune.Core.Onnx.Protobuf;
using AttributeType = Rectune.Core.Onnx.Protobuf.AttributeProto.Types.AttributeType;
using DataType = Rectune.Core.Onnx.Protobuf.TensorProto.Types.DataType;

namespace Rectune.Core.Onnx;

/// <summary>Writes nodes as a given operator set spells them. Each method returns its result's name.</summary>
internal sealed class OperatorWriter(GraphProto graph, long operatorSet, ReservedNames names)
{
    /// <summary>From here on the bounds of Slice are inputs instead of attributes.</summary>
    private const long SliceByInputs = 10;

    private readonly List<NodeProto> nodes = [];

    /// <summary>In the order of writing.</summary>
    public IReadOnlyList<NodeProto> Nodes => nodes;

    /// <summary>Elements <paramref name="from"/> … <paramref name="to"/> − 1 along <paramref name="axis"/>.</summary>
    public string Slice(string x, long axis, long from, long to, string? result = null) => operatorSet >= SliceByInputs
        ? Add("Slice", result ?? names.Fresh("slice"), [x, Integers(from), Integers(to), Integers(axis)])
        : Add("Slice", result ?? names.Fresh("slice"), [x], Attribute("starts", from), Attribute("ends", to), Attribute("axes", axis));

    public string Reshape(string x, long[] target, string? result = null) => Add("Reshape", result ?? names.Fresh("reshape"), [x, Integers(target)]);

    public string Cast(string x, DataType type, string? result = null) =>
        Add("Cast", result ?? names.Fresh("cast"), [x], new AttributeProto { Name = "to", Type = AttributeType.Int, I = (long)type });

    public string Flatten(string x, string result) => Add("Flatten", result, [x], new AttributeProto { Name = "axis", Type = AttributeType.Int, I = 1 });

    public string Identity(string x, string result) => Add("Identity", result, [x]);

    public string Shape(string x) => Add("Shape", names.Fresh("shape"), [x]);

    public string Multiply(string x, long factor) => Add("Mul", names.Fresh("product"), [x, Integers(factor)]);

    public string Concat(IReadOnlyList<string> parts, string result) =>
        Add("Concat", result, parts, new AttributeProto { Name = "axis", Type = AttributeType.Int, I = 0 });

    /// <summary>A stored vector of int64.</summary>
    public string Integers(params ReadOnlySpan<long> values)
    {
        var tensor = new TensorProto { Name = names.Fresh("constant"), DataType = (int)DataType.Int64 };
        tensor.Dims.Add(values.Length);
        foreach (var value in values)
        {
            tensor.Int64Data.Add(value);
        }

        graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private static AttributeProto Attribute(string name, long value)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Ints };
        attribute.Ints.Add(value);
        return attribute;
    }

    private string Add(string operatorType, string result, IReadOnlyList<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var node = new NodeProto { OpType = operatorType, Name = names.Fresh("node") };
        node.Input.AddRange(inputs);
        node.Output.Add(result);
        foreach (var attribute in attributes)
        {
            node.Attribute.Add(attribute);
        }

        nodes.Add(node);
        return result;
    }
}
