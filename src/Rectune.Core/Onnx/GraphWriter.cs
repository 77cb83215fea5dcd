using System.Runtime.InteropServices;
using Google.Protobuf;
using Rectune.Core.Models;
using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Core.Onnx;

/// <summary>
/// Writes an ONNX graph node by node. Every method adds one operator and returns the name of its output, so that graphs read like formulas.
/// </summary>
public sealed class GraphWriter(string name)
{
    /// <summary>Operator set 17 and IR version 8: what ONNX 1.12 and every later runtime reads.</summary>
    public const int OperatorSet = 17;

    private const int IrVersion = 8;

    private readonly GraphProto graph = new() { Name = name };

    /// <summary>Declares a float input; a negative extent is the batch.</summary>
    public string Input(string inputName, params ReadOnlySpan<long> shape)
    {
        graph.Input.Add(Describe(inputName, shape));
        return inputName;
    }

    /// <summary>Names <paramref name="value"/> as an output; a negative extent is the batch.</summary>
    public void Output(string value, string outputName, params ReadOnlySpan<long> shape)
    {
        Add("Identity", outputName, [value]);
        graph.Output.Add(Describe(outputName, shape));
    }

    /// <summary>y = x Wᵀ + b: <c>[batch, in]</c> → <c>[batch, out]</c>.</summary>
    public string Linear(string x, LayerWeights layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var (shape, weights, biases) = layer;
        var weight = Constant(shape.Name + ".weight", weights, shape.Outputs, shape.Inputs);
        var bias = Constant(shape.Name + ".bias", biases, shape.Outputs);
        return Add("Gemm", shape.Name, [x, weight, bias], Attribute("transB", 1));
    }

    public string Relu(string x) => Add("Relu", x + ".relu", [x]);

    public string Sigmoid(string x) => Add("Sigmoid", x + ".sigmoid", [x]);

    public string Concat(string result, int axis, params ReadOnlySpan<string> parts) => Add("Concat", result, parts, Attribute("axis", axis));

    /// <summary>−1 keeps the batch.</summary>
    public string Reshape(string result, string x, params ReadOnlySpan<long> shape) =>
        Add("Reshape", result, [x, Integers(result + ".shape", shape)]);

    /// <summary>Swaps the last two axes of a rank-3 tensor.</summary>
    public string Transpose(string x)
    {
        var permutation = new AttributeProto { Name = "perm", Type = AttributeProto.Types.AttributeType.Ints };
        permutation.Ints.Add([0L, 2L, 1L]);
        return Add("Transpose", x + ".transposed", [x], permutation);
    }

    public string MatMul(string result, string a, string b) => Add("MatMul", result, [a, b]);

    /// <summary>Elements <paramref name="from"/> … <paramref name="to"/> − 1 along <paramref name="axis"/>.</summary>
    public string Slice(string result, string x, int axis, int from, int to) => Add(
        "Slice",
        result,
        [x, Integers(result + ".from", [from]), Integers(result + ".to", [to]), Integers(result + ".axis", [axis])]);

    /// <summary>The finished file.</summary>
    public byte[] ToBytes()
    {
        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "rectune", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = OperatorSet });
        return model.ToByteArray();
    }

    private static AttributeProto Attribute(string attributeName, long value) =>
        new() { Name = attributeName, Type = AttributeProto.Types.AttributeType.Int, I = value };

    internal static ValueInfoProto Describe(string valueName, ReadOnlySpan<long> shape)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = new TensorShapeProto() };
        foreach (var extent in shape)
        {
            tensor.Shape.Dim.Add(extent < 0
                ? new TensorShapeProto.Types.Dimension { DimParam = "batch" }
                : new TensorShapeProto.Types.Dimension { DimValue = extent });
        }

        return new ValueInfoProto { Name = valueName, Type = new TypeProto { TensorType = tensor } };
    }

    private string Integers(string constantName, ReadOnlySpan<long> values)
    {
        var tensor = new TensorProto
        {
            Name = constantName,
            DataType = (int)TensorProto.Types.DataType.Int64,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)),
        };
        tensor.Dims.Add(values.Length);
        graph.Initializer.Add(tensor);
        return constantName;
    }

    private string Constant(string constantName, float[] values, params ReadOnlySpan<long> shape)
    {
        var tensor = new TensorProto
        {
            Name = constantName,
            DataType = (int)TensorProto.Types.DataType.Float,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values)),
        };
        foreach (var extent in shape)
        {
            tensor.Dims.Add(extent);
        }

        graph.Initializer.Add(tensor);
        return constantName;
    }

    private string Add(string operatorType, string output, ReadOnlySpan<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var node = new NodeProto { OpType = operatorType, Name = output };
        foreach (var input in inputs)
        {
            node.Input.Add(input);
        }

        node.Output.Add(output);
        foreach (var attribute in attributes)
        {
            node.Attribute.Add(attribute);
        }

        graph.Node.Add(node);
        return output;
    }
}
