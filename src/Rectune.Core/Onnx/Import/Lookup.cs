using Rectune.Core.Onnx.Protobuf;
using DataType = Rectune.Core.Onnx.Protobuf.TensorProto.Types.DataType;

namespace Rectune.Core.Onnx;

/// <summary>A Gather fed by an input, with the reason why it cannot be lifted, if there is one.</summary>
internal sealed class Lookup
{
    /// <summary>Largest integer up to which every integer is an fp32 number.</summary>
    private const long ExactInFloat = 1 << 24;

    public Lookup(GraphIndex graph, ModelInput input, LookupUse use)
    {
        Input = input;
        Use = use;
        TableName = graph.Origin(use.Gather.Input[0]);
        Table = graph.Constant(TableName);
        Obstacle = Find();
    }

    public ModelInput Input { get; }

    public LookupUse Use { get; }

    public NodeProto Gather => Use.Gather;

    public string TableName { get; }

    /// <summary>The stored tensor; null when it is computed.</summary>
    public TensorProto? Table { get; }

    /// <summary>Rows that an id may name; null when the file does not say.</summary>
    public long? Rows => Table is { Dims.Count: > 0 } && Gather.Int("axis", 0) is var axis && Math.Abs(axis) < Table.Dims.Count
        ? Table.Dims[(int)(axis < 0 ? axis + Table.Dims.Count : axis)]
        : null;

    /// <summary>Why the lookup stays in the graph; null as long as nothing is against lifting it.</summary>
    public string? Obstacle { get; set; }

    private string? Find()
    {
        if (Table is null)
        {
            return "its table is computed, not stored";
        }

        if (Table.Dims.Count != 2 || Gather.Int("axis", 0) is not (0 or -2))
        {
            return $"it gathers along axis {Gather.Int("axis", 0)} of a table of shape [{string.Join(", ", Table.Dims)}], not rows of a matrix";
        }

        if ((DataType)Table.DataType is not (DataType.Float or DataType.Float16))
        {
            return $"its table holds {TensorData.TypeName(Table.DataType)}, not float or float16";
        }

        if (Table.Dims[0] is < 1 or > int.MaxValue || Table.Dims[1] is < 1 or > int.MaxValue)
        {
            return $"its table has shape [{string.Join(", ", Table.Dims)}]";
        }

        if (Use.Indices?.PerSample * Table.Dims[1] > int.MaxValue)
        {
            return $"it hands on {Use.Indices?.PerSample * Table.Dims[1]} elements a sample";
        }

        return Use.Obstacle ?? (Use.ThroughFloat && Rows > ExactInFloat ? $"its ids pass through float, which is exact only up to {ExactInFloat}" : null);
    }
}
