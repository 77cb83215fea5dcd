using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Google.Protobuf;
using Rectune.Core.Domain;
using Rectune.Core.Onnx;
using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Engine.Import;

/// <summary>
/// A user's ONNX model, taken apart and ready to be planned. Tables kept in files beside it stay there and are read row by row, so that they may exceed the
/// 2 GiB of an ONNX file; all other weights are brought into <see cref="Graph"/>.
/// </summary>
public sealed class OnnxModelFile : IDisposable
{
    private readonly ExternalDataFolder folder;
    private readonly ExternalPlace[] places;

    private OnnxModelFile(string path, LiftedModel lifted, ExternalDataFolder folder)
    {
        Path = path;
        this.folder = folder;
        InlinedTensors.Bring(folder, lifted.Graph.Graph, path);
        places = [.. lifted.Tables.Select(table =>
            TensorData.IsExternal(table.Data) ? folder.Open(ExternalTensor.Of(table.Data, path), table.Name) : default)];
        Lifted = Settle(lifted, path);
        Graph = Lifted.Graph.ToByteArray();
    }

    /// <summary>As given.</summary>
    public string Path { get; }

    public LiftedModel Lifted { get; }

    /// <summary>The remaining graph as an ONNX file with the tensors of <see cref="DenseTensors"/>.</summary>
    public byte[] Graph { get; }

    /// <param name="path">The ONNX file; external data is looked for in its folder.</param>
    /// <param name="output">The output to tune for; null takes the only one.</param>
    /// <exception cref="MissingResourceException">The file, or one that it refers to, cannot be read.</exception>
    /// <exception cref="InvalidInputException">The file is malformed, or not a model that rectune can feed.</exception>
    public static OnnxModelFile Open(string path, string? output = null)
    {
        var beside = new ExternalDataFolder(path);
        try
        {
            return new OnnxModelFile(path, ModelLift.Lift(Read(path), path, output), beside);
        }
        catch
        {
            beside.Dispose();
            throw;
        }
    }

    /// <summary>Reads consecutive rows of a table as fp32. Safe from any number of threads.</summary>
    /// <param name="table">Index in <see cref="LiftedModel.Tables"/>.</param>
    /// <param name="firstRow">First row to read.</param>
    /// <param name="values"><c>[rows, dim]</c>.</param>
    public void ReadRows(int table, long firstRow, Span<float> values)
    {
        var (_, rows, dim, data) = Lifted.Tables[table];
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length % dim, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow + (values.Length / dim), rows);
        if (places[table].File is null)
        {
            TensorData.ReadFloats(data, firstRow * dim, values);
            return;
        }

        var width = TensorData.ElementBytes(data.DataType);
        // Halves are read into the upper part of the memory that they are widened in.
        var bytes = MemoryMarshal.AsBytes(values)[^(values.Length * width)..];
        places[table].Read(firstRow * dim * width, bytes);
        if (width != sizeof(float))
        {
            TensorData.Widen(data.DataType, bytes, values);
        }
    }

    /// <summary>SHA-256 over the file and the files it refers to, lower-case hexadecimal. Reads them all.</summary>
    public string Sha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        foreach (var path in folder.Paths.Prepend(Path))
        {
            using var stream = File.OpenRead(path);
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                hash.AppendData(buffer, 0, read);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose() => folder.Dispose();

    private static ModelProto Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return stream.Length <= int.MaxValue
                ? OnnxFile.Read(stream, path)
                : throw new InvalidInputException(path, $"found {stream.Length} bytes, expected at most {int.MaxValue} in an ONNX file", "export the model with external data");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new MissingResourceException($"The model '{path}' cannot be read: {refused.Message}", "Check the path.", refused);
        }
    }

    /// <summary>Settles what needs a run: which nodes follow the exported batch, and the width of an output of undeclared shape.</summary>
    private static LiftedModel Settle(LiftedModel lifted, string path)
    {
        if (lifted.ExportedBatch is null && lifted.ScoreWidth > 0)
        {
            return lifted;
        }

        var batch = checked((int)(lifted.ExportedBatch ?? 1));
        var shapes = ObservedShapes.Of(lifted, lifted.ExportedBatch is null ? [] : BakedBatch.Watched(lifted.Graph.Graph), batch, path);
        if (lifted.ExportedBatch is not null)
        {
            BakedBatch.Free(lifted.Graph, batch, shapes);
        }

        var score = shapes[DenseTensors.Score];
        return score[0] == batch && score[1] is > 0 and <= int.MaxValue
            ? lifted with { ScoreWidth = (int)score[1] }
            : throw new InvalidInputException(
                path,
                $"output '{lifted.Output}': found {score[0]} rows for a batch of {batch}, expected one a sample",
                "choose another with --output NAME");
    }
}
