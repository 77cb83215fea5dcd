using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Core.Onnx;

/// <summary>Where the contents of a tensor lie outside its ONNX file.</summary>
/// <param name="Location">Path relative to the ONNX file's folder.</param>
/// <param name="Offset">First byte in that file.</param>
/// <param name="Bytes">Number of bytes, from the tensor's shape and type.</param>
public sealed record ExternalTensor(string Location, long Offset, long Bytes)
{
    /// <exception cref="InvalidInputException">The place is not given, or its length contradicts the tensor's shape.</exception>
    public static ExternalTensor Of(TensorProto tensor, string fileName)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var entries = tensor.ExternalData.GroupBy(entry => entry.Key).ToDictionary(group => group.Key, group => group.Last().Value);
        var elementBytes = TensorData.ElementBytes(tensor.DataType);
        var elements = TensorData.Elements(tensor);
        if (!entries.TryGetValue("location", out var location) || location.Length == 0 || elementBytes == 0 || elements > long.MaxValue / elementBytes)
        {
            throw new InvalidInputException(
                fileName,
                $"found tensor '{tensor.Name}' ({TensorData.TypeName(tensor.DataType)}) kept outside the file without a usable place, expected a file's name and a numeric type",
                "export the model again");
        }

        var bytes = elements * elementBytes;
        var length = Number(entries, "length", bytes, tensor, fileName);
        if (length != bytes)
        {
            throw new InvalidInputException(
                fileName,
                $"found {length} bytes for tensor '{tensor.Name}' in '{location}', expected {bytes} from its shape [{string.Join(", ", tensor.Dims)}]",
                "export the model again");
        }

        return new ExternalTensor(location, Number(entries, "offset", 0, tensor, fileName), bytes);
    }

    private static long Number(Dictionary<string, string> entries, string key, long otherwise, TensorProto tensor, string fileName)
    {
        if (!entries.TryGetValue(key, out var text))
        {
            return otherwise;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InvalidInputException(fileName, $"found {key} '{text}' for tensor '{tensor.Name}', expected a number of bytes", "export the model again");
    }
}
