using Google.Protobuf;
using Rectune.Core.Numerics;
using Rectune.Core.Onnx.Protobuf;
using AttributeType = Rectune.Core.Onnx.Protobuf.AttributeProto.Types.AttributeType;
using DataType = Rectune.Core.Onnx.Protobuf.TensorProto.Types.DataType;

namespace Rectune.Tests.Fakes;

/// <summary>Draws small ONNX models as other tools export them. A negative extent is an open batch; stored numbers are random but seeded.</summary>
internal sealed class OnnxSketch(long operatorSet = 17, long irVersion = 8)
{
    private SplitMix64 random = new(11);

    public ModelProto Model { get; } = new()
    {
        IrVersion = irVersion,
        Graph = new GraphProto { Name = "sketch" },
        OpsetImport = { new OperatorSetIdProto { Version = operatorSet } },
    };

    private GraphProto Graph => Model.Graph;

    public OnnxSketch Input(string name, DataType type, params long[] shape)
    {
        Graph.Input.Add(Value(name, type, shape));
        return this;
    }

    public OnnxSketch Ids(string name, params long[] shape) => Input(name, DataType.Int64, shape);

    public OnnxSketch Output(string name, params long[] shape)
    {
        Graph.Output.Add(Value(name, DataType.Float, shape));
        return this;
    }

    /// <summary>Stored normal numbers.</summary>
    public OnnxSketch Weights(string name, params long[] shape) => Floats(name, [.. Numbers(shape)], shape);

    public OnnxSketch Floats(string name, float[] values, params long[] shape)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)DataType.Float, Dims = { shape } };
        tensor.FloatData.AddRange(values);
        return Stored(tensor);
    }

    /// <summary>Stored normal numbers, rounded to float16 and kept as raw bytes.</summary>
    public OnnxSketch HalfWeights(string name, params long[] shape) => Stored(new TensorProto
    {
        Name = name,
        DataType = (int)DataType.Float16,
        Dims = { shape },
        RawData = ByteString.CopyFrom([.. Numbers(shape).SelectMany(number => BitConverter.GetBytes((Half)number))]),
    });

    public OnnxSketch Integers(string name, params long[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)DataType.Int64, Dims = { values.Length } };
        tensor.Int64Data.AddRange(values);
        return Stored(tensor);
    }

    public OnnxSketch Stored(TensorProto tensor)
    {
        if (Model.IrVersion < 4)
        {
            Graph.Input.Add(Value(tensor.Name, (DataType)tensor.DataType, [.. tensor.Dims]));
        }

        Graph.Initializer.Add(tensor);
        return this;
    }

    /// <param name="operatorType">Such as <c>Gather</c>.</param>
    /// <param name="output">Name of the result, and of the node.</param>
    /// <param name="inputs">Names, separated by spaces.</param>
    /// <param name="attributes">Integers as INT, arrays as INTS.</param>
    public OnnxSketch Node(string operatorType, string output, string inputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = operatorType, Name = output, Input = { inputs.Split(' ') }, Output = { output.Split(' ') } };
        foreach (var (name, value) in attributes)
        {
            node.Attribute.Add(value switch
            {
                long[] many => new AttributeProto { Name = name, Type = AttributeType.Ints, Ints = { many } },
                DataType type => new AttributeProto { Name = name, Type = AttributeType.Int, I = (long)type },
                GraphProto body => new AttributeProto { Name = name, Type = AttributeType.Graph, G = body },
                _ => new AttributeProto { Name = name, Type = AttributeType.Int, I = (int)value },
            });
        }

        Graph.Node.Add(node);
        return this;
    }

    /// <summary>A MatMul with stored weights of <paramref name="inputs"/> × <paramref name="outputs"/>.</summary>
    public OnnxSketch Layer(string output, string x, long inputs, long outputs) => Weights(output + ".w", inputs, outputs).Node("MatMul", output, $"{x} {output}.w");

    public byte[] ToBytes() => Model.ToByteArray();

    public string Write(string folder, string name = "model.onnx")
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, ToBytes());
        return path;
    }

    public static ValueInfoProto Value(string name, DataType type, params long[] shape)
    {
        var dims = shape.Select(extent => extent < 0
            ? new TensorShapeProto.Types.Dimension { DimParam = "n" }
            : new TensorShapeProto.Types.Dimension { DimValue = extent });
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = new TensorShapeProto { Dim = { dims } } };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    private IEnumerable<float> Numbers(long[] shape)
    {
        var count = shape.Aggregate(1L, (product, extent) => product * extent);
        for (var i = 0L; i < count; i++)
        {
            yield return (float)random.NextNormal();
        }
    }
}
