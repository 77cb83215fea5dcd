using System.Buffers.Binary;

namespace Rectune.Engine.Load.Http;

/// <summary>Names, sizes and bytes of <see cref="ElementKind"/> on the wire.</summary>
public static class ElementKinds
{
    /// <summary>The protocol's names, for messages.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<ElementKind>().Select(Text)];

    /// <summary>The protocol's name, such as <c>FP32</c>.</summary>
    public static string Text(ElementKind kind) => kind.ToString().ToUpperInvariant();

    /// <summary>Names are case-sensitive; false for <c>BYTES</c> and for what is no type of the protocol.</summary>
    public static bool TryParse(string text, out ElementKind kind)
    {
        foreach (var known in Enum.GetValues<ElementKind>())
        {
            if (Text(known) == text)
            {
                kind = known;
                return true;
            }
        }

        kind = default;
        return false;
    }

    /// <summary>Bytes of one element in the binary tensor extension.</summary>
    public static int Bytes(ElementKind kind) => kind switch
    {
        ElementKind.Bool or ElementKind.Uint8 or ElementKind.Int8 => 1,
        ElementKind.Uint16 or ElementKind.Int16 or ElementKind.Fp16 or ElementKind.Bf16 => 2,
        ElementKind.Uint32 or ElementKind.Int32 or ElementKind.Fp32 => 4,
        _ => 8,
    };

    public static bool IsReal(ElementKind kind) => kind >= ElementKind.Fp16;

    /// <summary>Largest whole number that an element holds, at most 2⁵³: values travel as doubles before they are written.</summary>
    public static long Largest(ElementKind kind) => kind switch
    {
        ElementKind.Bool => 1,
        ElementKind.Uint8 => byte.MaxValue,
        ElementKind.Int8 => sbyte.MaxValue,
        ElementKind.Uint16 => ushort.MaxValue,
        ElementKind.Int16 => short.MaxValue,
        ElementKind.Uint32 => uint.MaxValue,
        ElementKind.Int32 => int.MaxValue,
        _ => 1L << 53,
    };

    /// <summary>Writes one element, little-endian. Whole numbers must lie between 0 and <see cref="Largest"/>.</summary>
    public static void Write(ElementKind kind, Span<byte> to, double value)
    {
        switch (kind)
        {
            case ElementKind.Bool or ElementKind.Uint8 or ElementKind.Int8:
                to[0] = (byte)value;
                break;
            case ElementKind.Uint16 or ElementKind.Int16:
                BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)value);
                break;
            case ElementKind.Uint32 or ElementKind.Int32:
                BinaryPrimitives.WriteUInt32LittleEndian(to, (uint)value);
                break;
            case ElementKind.Uint64 or ElementKind.Int64:
                BinaryPrimitives.WriteInt64LittleEndian(to, (long)value);
                break;
            case ElementKind.Fp16:
                BinaryPrimitives.WriteHalfLittleEndian(to, (Half)value);
                break;
            case ElementKind.Bf16:
                // The upper half of a single-precision number.
                BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)(BitConverter.SingleToUInt32Bits((float)value) >> 16));
                break;
            case ElementKind.Fp32:
                BinaryPrimitives.WriteSingleLittleEndian(to, (float)value);
                break;
            default:
                BinaryPrimitives.WriteDoubleLittleEndian(to, value);
                break;
        }
    }
}
