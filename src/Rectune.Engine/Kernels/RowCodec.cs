using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Rectune.Core.Domain;

namespace Rectune.Engine.Kernels;

/// <summary>
/// Packs rows of fp32 values and unpacks them. <c>fp32</c> and <c>fp16</c> rows are the elements; an <c>int8</c> row is <c>dim</c> unsigned codes, then an
/// fp32 scale, then an fp32 bias; an <c>int4</c> row is ⌈<c>dim</c> / 2⌉ bytes of two codes each, the even element's in the low half, then an fp16
/// scale, then an fp16 bias. Value = scale · code + bias, with an error of at most scale / 2 an element, plus fp32 rounding: see <see cref="CodedRow"/>.
/// </summary>
/// <remarks>
/// Rows follow one another without padding. Where the codes fill whole cache lines, a row never lies on more lines than its size needs; where they fill
/// half a line, rows of 40 bytes (int8) touch 1.5 lines on average, and a stride that avoids it, 64, would take 60 % more memory and pages.
/// </remarks>
internal static unsafe class RowCodec
{
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
                MakeFinite(new Span<ushort>(target, values.Length));
                break;
            case TablePrecision.Int8:
                var rowBytes = precision.RowBytes(dim);
                for (var start = 0; start < values.Length; start += dim, target += rowBytes)
                {
                    CodedRow.EncodeInt8(values.Slice(start, dim), target);
                }

                break;
            case TablePrecision.Int4:
                rowBytes = precision.RowBytes(dim);
                for (var start = 0; start < values.Length; start += dim, target += rowBytes)
                {
                    CodedRow.EncodeInt4(values.Slice(start, dim), target);
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(precision), precision, "unknown table precision");
        }
    }

    /// <summary>Values beyond ±65504, and what is no number, become the largest finite ones: the widening of halves relies on it.</summary>
    private static void MakeFinite(Span<ushort> halves)
    {
        foreach (ref var half in halves)
        {
            half = (half & HalfBits.HalfExponent) == HalfBits.HalfExponent ? (ushort)((half & HalfBits.HalfSign) | HalfBits.Largest) : half;
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
            case TablePrecision.Int4:
                var factors = row + ((values.Length + 1) / 2);
                scale = (float)Unsafe.ReadUnaligned<Half>(factors);
                bias = (float)Unsafe.ReadUnaligned<Half>(factors + sizeof(short));
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = (scale * ((row[i / 2] >> (i % 2 * 4)) & 0xF)) + bias;
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(precision), precision, "unknown table precision");
        }
    }
}
