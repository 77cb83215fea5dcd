using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Rectune.Engine.Serving.Protocol;

/// <summary>Reads the raw little-endian elements of one tensor (binary tensor data extension) and checks their range.</summary>
internal static class BinaryTensorData
{
    /// <summary>All exponent bits of an FP32: set together only in infinities and NaN.</summary>
    private const int ExponentBits = 0x7F80_0000;

    /// <param name="bytes">Exactly the elements of the shape.</param>
    /// <param name="tensor">Already admitted, with room for the elements.</param>
    public static void Read(ReadOnlySpan<byte> bytes, InputTensor tensor, ProblemList problems)
    {
        if (!TryRead(bytes, tensor))
        {
            Report(bytes, tensor, problems);
        }
    }

    /// <summary>The same; false, and no problem told, where an element is out of its range: the tensor then holds nothing of use.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, InputTensor tensor) => tensor.Datatype switch
    {
        TensorDatatype.Fp32 => ReadFloats(MemoryMarshal.Cast<byte, float>(bytes), tensor.Floats),
        TensorDatatype.Fp64 => ReadDoubles(MemoryMarshal.Cast<byte, double>(bytes), tensor.Floats),
        TensorDatatype.Int32 or TensorDatatype.Uint32 => ReadIntegers(MemoryMarshal.Cast<byte, uint>(bytes), tensor.Integers, (uint)tensor.Slot.Limit),
        _ => ReadIntegers(MemoryMarshal.Cast<byte, ulong>(bytes), tensor.Integers, (ulong)tensor.Slot.Limit),
    };

    private static bool ReadFloats(ReadOnlySpan<float> from, Span<float> to)
    {
        from.CopyTo(to);
        var bits = MemoryMarshal.Cast<float, int>(to[..from.Length]);
        var mask = new Vector<int>(ExponentBits);
        var i = 0;
        for (; i <= bits.Length - Vector<int>.Count; i += Vector<int>.Count)
        {
            if (Vector.EqualsAny(new Vector<int>(bits[i..]) & mask, mask))
            {
                return false;
            }
        }

        for (; i < bits.Length; i++)
        {
            if ((bits[i] & ExponentBits) == ExponentBits)
            {
                return false;
            }
        }

        return true;
    }

    private static bool ReadDoubles(ReadOnlySpan<double> from, Span<float> to)
    {
        var clean = true;
        for (var i = 0; i < from.Length; i++)
        {
            var value = (float)from[i];
            to[i] = value;
            clean &= float.IsFinite(value);
        }

        return clean;
    }

    // A negative number read as unsigned is at least 2^31 (2^63), above every limit.
    private static bool ReadIntegers(ReadOnlySpan<uint> from, Span<int> to, uint limit)
    {
        to = to[..from.Length];
        var clean = true;
        for (var i = 0; i < from.Length; i++)
        {
            to[i] = (int)from[i];
            clean &= from[i] < limit;
        }

        return clean;
    }

    private static bool ReadIntegers(ReadOnlySpan<ulong> from, Span<int> to, ulong limit)
    {
        to = to[..from.Length];
        var limits = new Vector<ulong>(limit);
        var above = Vector<ulong>.Zero;
        var i = 0;
        for (; i <= from.Length - Vector<uint>.Count; i += Vector<uint>.Count)
        {
            var (low, high) = (new Vector<ulong>(from[i..]), new Vector<ulong>(from[(i + Vector<ulong>.Count)..]));
            Vector.AsVectorInt32(Vector.Narrow(low, high)).CopyTo(to[i..]);
            above |= Vector.GreaterThanOrEqual(low, limits) | Vector.GreaterThanOrEqual(high, limits);
        }

        var clean = above == Vector<ulong>.Zero;
        for (; i < from.Length; i++)
        {
            to[i] = (int)from[i];
            clean &= from[i] < limit;
        }

        return clean;
    }

    private static void Report(ReadOnlySpan<byte> bytes, InputTensor tensor, ProblemList problems)
    {
        var size = TensorDatatypes.Bytes(tensor.Datatype);
        var first = -1;
        var count = 0;
        for (var i = 0; i < tensor.Expected; i++)
        {
            if (IsBad(bytes.Slice(i * size, size), tensor))
            {
                first = first < 0 ? i : first;
                count++;
            }
        }

        var found = Text(bytes.Slice(first * size, size), tensor.Datatype);
        tensor.Faulty = true;
        problems.Add(tensor.Slot.Role == InputRole.Dense ? tensor.NotFinite(first, found, count - 1) : tensor.OutOfRange(first, found, count - 1));
    }

    private static bool IsBad(ReadOnlySpan<byte> element, InputTensor tensor) => tensor.Datatype switch
    {
        TensorDatatype.Fp32 => !float.IsFinite(MemoryMarshal.Read<float>(element)),
        TensorDatatype.Fp64 => !float.IsFinite((float)MemoryMarshal.Read<double>(element)),
        TensorDatatype.Int32 or TensorDatatype.Uint32 => MemoryMarshal.Read<uint>(element) >= tensor.Slot.Limit,
        _ => MemoryMarshal.Read<ulong>(element) >= (ulong)tensor.Slot.Limit,
    };

    private static string Text(ReadOnlySpan<byte> element, TensorDatatype datatype) => datatype switch
    {
        TensorDatatype.Fp32 => MemoryMarshal.Read<float>(element).ToString(CultureInfo.InvariantCulture),
        TensorDatatype.Fp64 => MemoryMarshal.Read<double>(element).ToString(CultureInfo.InvariantCulture),
        TensorDatatype.Int32 => MemoryMarshal.Read<int>(element).ToString(CultureInfo.InvariantCulture),
        TensorDatatype.Uint32 => MemoryMarshal.Read<uint>(element).ToString(CultureInfo.InvariantCulture),
        TensorDatatype.Int64 => MemoryMarshal.Read<long>(element).ToString(CultureInfo.InvariantCulture),
        _ => MemoryMarshal.Read<ulong>(element).ToString(CultureInfo.InvariantCulture),
    };
}
