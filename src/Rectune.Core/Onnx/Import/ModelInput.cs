using Rectune.Core.Domain;
using Rectune.Core.Onnx.Protobuf;
using DataType = Rectune.Core.Onnx.Protobuf.TensorProto.Types.DataType;

namespace Rectune.Core.Onnx;

/// <summary>An input that the user's model is fed: its first extent is the batch, the others are fixed.</summary>
/// <param name="Name">The tensor's name in the graph.</param>
/// <param name="Type">Element type.</param>
/// <param name="Extents">Extents after the batch, <c>[…]</c>.</param>
/// <param name="ExportedBatch">The batch written into the file, null when it was left open.</param>
internal sealed record ModelInput(string Name, DataType Type, long[] Extents, long? ExportedBatch)
{
    public bool IsInteger => Type is DataType.Int64 or DataType.Int32;

    /// <summary>Elements of one sample.</summary>
    public long PerSample => Extents.Aggregate(1L, (product, extent) => product * extent);

    /// <summary>Reads the inputs of a graph, in its order; initializers listed among them are none.</summary>
    /// <exception cref="InvalidInputException">Inputs of unsupported type or shape, all of them.</exception>
    public static IReadOnlyList<ModelInput> Of(GraphProto graph, string fileName, Func<string, string> nameInFile)
    {
        var initializers = graph.Initializer.Select(initializer => initializer.Name).ToHashSet(StringComparer.Ordinal);
        var problems = new List<InputProblem>();
        var inputs = new List<ModelInput>();
        foreach (var value in graph.Input.Where(value => !initializers.Contains(value.Name)))
        {
            if (Problem(value) is { } problem)
            {
                problems.Add(new InputProblem(fileName, $"input '{nameInFile(value.Name)}': {problem}", "export the model again with such inputs"));
                continue;
            }

            var tensor = value.Type.TensorType;
            var extents = tensor.Shape.Dim.Select(Extent).ToArray();
            inputs.Add(new ModelInput(value.Name, (DataType)tensor.ElemType, extents[1..], extents[0] > 0 ? extents[0] : null));
        }

        if (problems.Count + inputs.Count == 0)
        {
            problems.Add(new InputProblem(fileName, "found an output that depends on no input, expected a model to feed", "choose another output with --output NAME"));
        }

        if (problems.Count == 0 && inputs.Select(input => input.ExportedBatch).OfType<long>().Distinct().Count() > 1)
        {
            var firsts = string.Join(", ", inputs.Where(input => input.ExportedBatch is not null).Select(input => $"'{nameInFile(input.Name)}' {input.ExportedBatch}"));
            problems.Add(new InputProblem(
                fileName, $"found first extents that differ between inputs ({firsts}), expected the batch as first extent of every input", "export the model with an open batch"));
        }

        return problems.Count == 0 ? inputs : throw new InvalidInputException(problems);
    }

    /// <summary>The shape of the whole input; every one of the file's inputs follows the same batch.</summary>
    public BatchShape Shape(long? exportedBatch) => new([1, .. Extents], 0, exportedBatch);

    private static string? Problem(ValueInfoProto value)
    {
        if (value.Type?.TensorType is not { } tensor)
        {
            return "found a value that is no tensor, expected a tensor";
        }

        if ((DataType)tensor.ElemType is not (DataType.Float or DataType.Float16 or DataType.Double or DataType.Int32 or DataType.Int64))
        {
            return $"found elements of {TensorData.TypeName(tensor.ElemType)}, expected float, float16, double, int32 or int64";
        }

        if (tensor.Shape is null || tensor.Shape.Dim.Count == 0)
        {
            return "found no shape, expected [batch, ...]";
        }

        return tensor.Shape.Dim.Skip(1).Any(extent => Extent(extent) == 0) || tensor.Shape.Dim.Skip(1).Aggregate(1.0, (product, extent) => product * Extent(extent)) > int.MaxValue
            ? $"found shape [{string.Join(", ", tensor.Shape.Dim.Select(Shown))}], expected fixed extents after the batch"
            : null;
    }

    /// <summary>0 for an extent that is left open.</summary>
    private static long Extent(TensorShapeProto.Types.Dimension extent) => Math.Max(0, extent.DimValue);

    private static string Shown(TensorShapeProto.Types.Dimension extent) =>
        Extent(extent) > 0 ? $"{extent.DimValue}" : extent.DimParam.Length > 0 ? extent.DimParam : "?";
}
