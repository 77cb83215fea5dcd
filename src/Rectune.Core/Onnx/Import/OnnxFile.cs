using Google.Protobuf;
using Rectune.Core.Domain;
using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Core.Onnx;

/// <summary>Reads ONNX files and refuses, in plain words, those that cannot be run: the checks that need neither tensors' contents nor a runtime.</summary>
public static class OnnxFile
{
    /// <summary>Oldest operator set with today's broadcasting.</summary>
    public const long OldestOperatorSet = 7;

    /// <summary>Newest operator set that ONNX Runtime 1.29 promises to run.</summary>
    public const long NewestOperatorSet = 26;

    /// <param name="stream">The file's bytes, read to the end; tensors kept in other files are not touched.</param>
    /// <param name="fileName">Only shown.</param>
    /// <exception cref="InvalidInputException">Not an ONNX file, cut short, of an unsupported operator set, or with operators of unknown domains.</exception>
    public static ModelProto Read(Stream stream, string fileName)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var model = Parse(stream, fileName);
        if (model.Graph is null || model.Graph.Node.Count == 0)
        {
            throw new InvalidInputException(
                fileName, "found no graph, expected an ONNX model with at least one operator", "is this an ONNX file? export the model again");
        }

        var version = OperatorSet(model);
        if (version is < OldestOperatorSet or > NewestOperatorSet)
        {
            throw new InvalidInputException(
                fileName,
                version == 0 ? $"found no operator set, expected {OldestOperatorSet} to {NewestOperatorSet}"
                    : $"found operator set {version}, expected {OldestOperatorSet} to {NewestOperatorSet}",
                $"export the model again, for example with opset_version={GraphWriter.OperatorSet}");
        }

        var unknown = OperatorDomains.Unknown(model, fileName);
        if (unknown.Count > 0)
        {
            throw new InvalidInputException(unknown);
        }

        return GraphSoundness.Problem(model.Graph, fileName) is { } problem ? throw new InvalidInputException([problem]) : model;
    }

    /// <summary>Version of the standard operators that the model was exported with; 0 when the file does not say.</summary>
    public static long OperatorSet(ModelProto model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.OpsetImport.Where(import => OperatorDomains.IsStandard(import.Domain)).Select(import => import.Version).DefaultIfEmpty().Max();
    }

    private static ModelProto Parse(Stream stream, string fileName)
    {
        var model = new ModelProto();
        using var input = new CodedInputStream(stream, leaveOpen: true);
        try
        {
            model.MergeFrom(input);
        }
        catch (InvalidProtocolBufferException malformed)
        {
            throw new InvalidInputException(
                fileName,
                $"found bytes that are not ONNX, or a file cut short, near byte {input.Position}: {malformed.Message.Split('\n')[0]}",
                "copy or export the file again");
        }

        return model;
    }
}
