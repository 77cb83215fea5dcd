using System.Runtime.InteropServices;
using Rectune.Core.Domain;
using Rectune.Core.Onnx.Protobuf;
using DataType = Rectune.Core.Onnx.Protobuf.TensorProto.Types.DataType;

namespace Rectune.Core.Onnx;

/// <summary>Contents of stored tensors, wherever the format allows them to lie: raw bytes (little-endian) or one of the typed fields.</summary>
public static class TensorData
{
    /// <summary>True when the contents lie in another file.</summary>
    public static bool IsExternal(TensorProto tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.DataLocation == TensorProto.Types.DataLocation.External;
    }

    /// <summary>Product of the extents; 1 for a scalar.</summary>
    /// <exception cref="InvalidInputException">An extent is negative or the product overflows.</exception>
    public static long Elements(TensorProto tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Int128 product = 1;
        foreach (var extent in tensor.Dims)
        {
            product = extent < 0 ? -1 : product * extent;
            if (product < 0 || product > long.MaxValue)
            {
                throw new InvalidInputException(tensor.Name, $"found shape [{string.Join(", ", tensor.Dims)}], expected a tensor that can exist");
            }
        }

        return (long)product;
    }

    /// <summary>Bytes of one element; 0 for types that are not stored as fixed-size elements or that rectune does not know.</summary>
    public static int ElementBytes(int dataType) => (DataType)dataType switch
    {
        DataType.Uint8 or DataType.Int8 or DataType.Bool => 1,
        DataType.Uint16 or DataType.Int16 or DataType.Float16 or DataType.Bfloat16 => 2,
        DataType.Float or DataType.Int32 or DataType.Uint32 => 4,
        DataType.Double or DataType.Int64 or DataType.Uint64 => 8,
        _ => 0,
    };

    /// <summary>Name of an element type as users of ONNX know it.</summary>
    public static string TypeName(int dataType) =>
        Enum.IsDefined((DataType)dataType) ? ((DataType)dataType).ToString().ToLowerInvariant() : $"type {dataType}";

    /// <summary>All elements of an int64 or int32 tensor held in the file itself; null for any other.</summary>
    public static long[]? Integers(TensorProto tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (IsExternal(tensor))
        {
            return null;
        }

        var raw = tensor.RawData.Span;
        return (DataType)tensor.DataType switch
        {
            DataType.Int64 => raw.IsEmpty ? [.. tensor.Int64Data] : MemoryMarshal.Cast<byte, long>(raw).ToArray(),
            DataType.Int32 when raw.IsEmpty => [.. tensor.Int32Data.Select(value => (long)value)],
            DataType.Int32 => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(raw).ToArray(), value => (long)value),
            _ => null,
        };
    }

    /// <summary>Refuses a float or float16 tensor held in the file itself whose contents do not fill its shape.</summary>
    public static void CheckFloats(TensorProto tensor, string fileName)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var expected = Elements(tensor);
        var found = tensor.RawData.Length > 0 ? tensor.RawData.Length / (double)ElementBytes(tensor.DataType)
            : tensor.DataType == (int)DataType.Float ? tensor.FloatData.Count : tensor.Int32Data.Count;
        if (found != expected)
        {
            throw new InvalidInputException(
                fileName, $"found {found} elements in tensor '{tensor.Name}', expected {expected} from its shape [{string.Join(", ", tensor.Dims)}]", "export the file again");
        }
    }

    /// <summary>Elements <paramref name="first"/> … of a float or float16 tensor held in the file itself, widened to fp32.</summary>
    public static void ReadFloats(TensorProto tensor, long first, Span<float> values)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var at = checked((int)first);
        if (tensor.RawData.Length > 0)
        {
            var bytes = ElementBytes(tensor.DataType);
            Widen(tensor.DataType, tensor.RawData.Span.Slice(checked(at * bytes), values.Length * bytes), values);
            return;
        }

        for (var i = 0; i < values.Length; i++)
        {
            values[i] = tensor.DataType == (int)DataType.Float
                ? tensor.FloatData[at + i]
                : (float)BitConverter.UInt16BitsToHalf((ushort)tensor.Int32Data[at + i]);
        }
    }

    /// <summary>Stored float or float16 elements as fp32; widening is exact.</summary>
    public static void Widen(int dataType, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        if (dataType == (int)DataType.Float)
        {
            MemoryMarshal.Cast<byte, float>(bytes).CopyTo(values);
            return;
        }

        var halves = MemoryMarshal.Cast<byte, Half>(bytes);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)halves[i];
        }
    }
}
