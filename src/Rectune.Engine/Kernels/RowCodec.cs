using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Rectune.Core.Domain;

namespace Rectune.Engine.Kernels;

/// <summary>
/// Packs rows of fp32 values and unpacks them. <c>fp32</c> and <c>fp16</c> rows are the elements; an <c>int8</c> row is <c>dim</c> unsigned codes, then an
/// fp32 scale, then an fp32 bias, value = scale · code + bias, with bias the row's smallest value and scale a 255th of its range. A row
/// whose range is finite comes back with an error of at most scale / 2 an element, plus fp32 rounding.
/// </summary>
internal static unsafe class RowCodec
{
    private const float LastCode = 255;

    /// <summary>Packs <paramref name="values"/>, <c>[rows, dim]</c>, into consecutive rows at <paramref name="target"/>.</summary>
    public static void Encode(TablePrecision precision, ReadOnlySpan<float> values, int dim, byte* target)
    {
        switch (precision)
        {
            case TablePrecision.Fp32:
                values.CopyTo(new Span<float>(target, values.Length));
                break;
            case TablePrecision.Fp16:
                TensorPrimitives.ConvertToHalf(values, new Span<Half>(target, values.Length));
                break;
            case TablePrecision.Int8:
                var rowBytes = precision.RowBytes(dim);
                for (var start = 0; start < values.Length; start += dim, target += rowBytes)
                {
                    EncodeCodes(values.Slice(start, dim), target);
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(precision), precision, "unknown table precision");
        }
    }

    /// <summary>Unpacks one row; the plain arithmetic that the vector kernels are tested against.</summary>
    public static void Decode(TablePrecision precision, byte* row, Span<float> values)
    {
        switch (precision)
        {
            case TablePrecision.Fp32:
                new ReadOnlySpan<float>(row, values.Length).CopyTo(values);
                break;
            case TablePrecision.Fp16:
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = (float)((Half*)row)[i];
                }

                break;
            case TablePrecision.Int8:
                var scale = Unsafe.ReadUnaligned<float>(row + values.Length);
                var bias = Unsafe.ReadUnaligned<float>(row + values.Length + sizeof(float));
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = (scale * row[i]) + bias;
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(precision), precision, "unknown table precision");
        }
    }

    private static void EncodeCodes(ReadOnlySpan<float> values, byte* target)
    {
        ref var first = ref MemoryMarshal.GetReference(values);
        var (low, high) = Range(values);
        var scale = (high - low) / LastCode;
        var i = 0;
        if (scale > 0)
        {
            for (; i + Vector256<float>.Count <= values.Length; i += Vector256<float>.Count)
            {
                var steps = ((Vector256.LoadUnsafe(ref first, (nuint)i) - Vector256.Create(low)) / scale) + Vector256.Create(0.5f);
                var codes = Vector256.ConvertToInt32(Vector256.Min(steps, Vector256.Create(LastCode)));
                var words = Vector128.Narrow(codes.GetLower(), codes.GetUpper());
                Unsafe.WriteUnaligned(target + i, Vector128.Narrow(words, words).AsUInt64().ToScalar());
            }
        }

        for (; i < values.Length; i++)
        {
            target[i] = scale > 0 ? (byte)Math.Min(((values[i] - low) / scale) + 0.5f, LastCode) : (byte)0;
        }

        Unsafe.WriteUnaligned(target + values.Length, scale);
        Unsafe.WriteUnaligned(target + values.Length + sizeof(float), low);
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
