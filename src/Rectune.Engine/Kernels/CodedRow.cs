using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Rectune.Engine.Kernels;

/// <summary>
/// Rounds one row to codes with a scale and a bias of its own, value = scale · code + bias. The codes are chosen for the scale and bias as stored, so that
/// their own rounding adds no error, and the stored range covers the row, so that no code is clipped: every element of a row whose range is finite comes
/// back within scale / 2, plus fp32 rounding.
/// </summary>
internal static unsafe class CodedRow
{
    private const float LastByte = 255;
    private const float LastNibble = 15;

    /// <summary>Bias is the row's smallest value, scale a 255th of its range, both fp32.</summary>
    /// <param name="target">[dim] codes, scale, bias.</param>
    public static void EncodeInt8(ReadOnlySpan<float> values, byte* target)
    {
        var (low, high) = Range(values);
        var scale = (high - low) / LastByte;
        var i = 0;
        for (; i + Vector64<byte>.Count <= values.Length; i += Vector64<byte>.Count)
        {
            Unsafe.WriteUnaligned(target + i, EightCodes(values[i..], low, scale, LastByte));
        }

        for (; i < values.Length; i++)
        {
            target[i] = Code(values[i], low, scale, LastByte);
        }

        Unsafe.WriteUnaligned(target + values.Length, scale);
        Unsafe.WriteUnaligned(target + values.Length + sizeof(float), low);
    }

    /// <summary>
    /// Bias is the largest fp16 not above the row's smallest value, scale the smallest fp16 whose fifteenth step reaches the largest. Values beyond
    /// ±65504, which fp16 ends at, become the nearest value inside.
    /// </summary>
    /// <param name="target">[⌈dim / 2⌉] pairs of codes, scale, bias.</param>
    public static void EncodeInt4(ReadOnlySpan<float> values, byte* target)
    {
        var (low, high) = Range(values);
        low = Math.Clamp(low, (float)Half.MinValue, (float)Half.MaxValue);
        high = Math.Clamp(high, (float)Half.MinValue, (float)Half.MaxValue);
        var bias = (Half)low;
        if ((float)bias > low)
        {
            bias = Half.BitDecrement(bias);
        }

        var step = (Half)((high - (float)bias) / LastNibble);
        while (((float)step * LastNibble) + (float)bias < high)
        {
            step = Half.BitIncrement(step);
        }

        var (origin, scale) = ((float)bias, (float)step);
        var i = 0;
        for (; i + Vector64<byte>.Count <= values.Length; i += Vector64<byte>.Count)
        {
            // Bytes 0a 0b 0c … are folded into ba dc …: neighbours first, then pairs, then fours.
            var codes = EightCodes(values[i..], origin, scale, LastNibble);
            codes = (codes | (codes >> 4)) & 0x00FF_00FF_00FF_00FF;
            codes = (codes | (codes >> 8)) & 0x0000_FFFF_0000_FFFF;
            Unsafe.WriteUnaligned(target + (i / 2), (uint)(codes | (codes >> 16)));
        }

        for (; i < values.Length; i += 2)
        {
            var upper = i + 1 < values.Length ? Code(values[i + 1], origin, scale, LastNibble) : 0;
            target[i / 2] = (byte)(Code(values[i], origin, scale, LastNibble) | (upper << 4));
        }

        var factors = target + ((values.Length + 1) / 2);
        Unsafe.WriteUnaligned(factors, step);
        Unsafe.WriteUnaligned(factors + sizeof(short), bias);
    }

    private static byte Code(float value, float bias, float scale, float lastCode) =>
        scale > 0 ? (byte)Math.Clamp(((value - bias) / scale) + 0.5f, 0, lastCode) : (byte)0;

    /// <summary>Codes of the first eight values, one a byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong EightCodes(ReadOnlySpan<float> values, float bias, float scale, float lastCode)
    {
        if (scale == 0)
        {
            return 0;
        }

        var steps = ((Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(values)) - Vector256.Create(bias)) / scale) + Vector256.Create(0.5f);
        var codes = Vector256.ConvertToInt32(Vector256.Max(Vector256.Min(steps, Vector256.Create(lastCode)), Vector256<float>.Zero));
        var words = Vector128.Narrow(codes.GetLower(), codes.GetUpper());
        return Vector128.Narrow(words, words).AsUInt64().ToScalar();
    }

    private static (float Low, float High) Range(ReadOnlySpan<float> values)
    {
        ref var first = ref MemoryMarshal.GetReference(values);
        float low = values[0], high = values[0];
        var i = 0;
        if (values.Length >= Vector256<float>.Count)
        {
            var lows = Vector256.LoadUnsafe(ref first);
            var highs = lows;
            for (i = Vector256<float>.Count; i + Vector256<float>.Count <= values.Length; i += Vector256<float>.Count)
            {
                var next = Vector256.LoadUnsafe(ref first, (nuint)i);
                lows = Vector256.MinNative(lows, next);
                highs = Vector256.MaxNative(highs, next);
            }

            var low4 = Vector128.MinNative(lows.GetLower(), lows.GetUpper());
            var high4 = Vector128.MaxNative(highs.GetLower(), highs.GetUpper());
            low4 = Vector128.MinNative(low4, Vector128.Shuffle(low4, Vector128.Create(2, 3, 0, 1)));
            high4 = Vector128.MaxNative(high4, Vector128.Shuffle(high4, Vector128.Create(2, 3, 0, 1)));
            low = Math.Min(low4[0], low4[1]);
            high = Math.Max(high4[0], high4[1]);
        }

        for (; i < values.Length; i++)
        {
            low = Math.Min(low, values[i]);
            high = Math.Max(high, values[i]);
        }

        return (low, high);
    }
}
