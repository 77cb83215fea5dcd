using Rectune.Core.Domain;
using Rectune.Core.Onnx.Protobuf;
using DataType = Rectune.Core.Onnx.Protobuf.TensorProto.Types.DataType;

namespace Rectune.Core.Onnx;

/// <summary>The output of a user's model that becomes <c>score [batch, S]</c>.</summary>
/// <param name="Name">The tensor's name in the graph.</param>
/// <param name="Type">Element type.</param>
/// <param name="Extents">All extents, 0 where open; null when the file does not say.</param>
internal sealed record ModelOutput(string Name, DataType Type, long[]? Extents)
{
    /// <param name="wanted">The output's name in the file; null takes the only one.</param>
    /// <exception cref="InvalidInputException">There is no such output, several to choose from, or one that holds no numbers.</exception>
    public static ModelOutput Choose(GraphProto graph, string? wanted, string fileName, ReservedNames names)
    {
        var known = graph.Output.Select(output => names.InFile(output.Name)).ToArray();
        if (wanted is null ? known.Length != 1 : !known.Contains(wanted))
        {
            throw wanted is null
                ? new InvalidInputException(
                    fileName, $"found {known.Length} outputs ({string.Join(", ", known)}), expected one to tune for", "choose it with --output NAME")
                : new InvalidInputException("--output", $"found '{wanted}', expected an output of {fileName}", Spelling.Advice(wanted, known));
        }

        var value = wanted is null ? graph.Output[0] : graph.Output.First(output => names.InFile(output.Name) == wanted);
        var tensor = value.Type?.TensorType;
        var type = (DataType)(tensor?.ElemType ?? (int)DataType.Float);
        if ((value.Type is not null && tensor is null) || type is DataType.String or DataType.Bool || TensorData.ElementBytes((int)type) == 0)
        {
            throw new InvalidInputException(
                fileName, $"output '{names.InFile(value.Name)}': found {(tensor is null ? "no tensor" : TensorData.TypeName(tensor.ElemType))}, expected a tensor of numbers", "choose another with --output NAME");
        }

        return new ModelOutput(value.Name, type, tensor?.Shape?.Dim.Select(extent => Math.Max(0, extent.DimValue)).ToArray());
    }

    /// <summary>Elements per sample; 0 when the declared shape leaves them open.</summary>
    public int Width(long? exportedBatch)
    {
        if (Extents is null || Extents.Length == 0 || Extents.Skip(1).Contains(0))
        {
            return 0;
        }

        // A model exported for one batch may have folded it into another extent.
        var elements = Extents.Skip(1).Aggregate(1L, (product, extent) => product * extent);
        if (exportedBatch is { } batch && Extents[0] > 0)
        {
            elements = elements * Extents[0] / batch;
        }

        return elements is > 0 and <= int.MaxValue ? (int)elements : 0;
    }
}
