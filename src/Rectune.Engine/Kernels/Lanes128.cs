using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rectune.Engine.Kernels;

/// <summary>4 fp32 elements at a time: SSE or NEON, whichever the runtime maps 128-bit vectors to.</summary>
internal readonly unsafe struct Lanes128 : ILanes<Vector128<float>>
{
    public static int Width => Vector128<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> FromSingles(float* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> FromHalves(ushort* source) => FromHalves(Unsafe.ReadUnaligned<ulong>(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> FromHalvesByProduct(ushort* source) => Shifted(Unsafe.ReadUnaligned<ulong>(source)).AsSingle() * Vector128.Create(HalfBits.Scale);

    /// <summary>Four fp16 elements, the first in the lowest bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> FromHalves(ulong elements) => Rebased(Shifted(elements));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Shifted(ulong elements) =>
        (Vector128.WidenLower(Vector128.CreateScalarUnsafe(elements).AsInt16()) << HalfBits.Shift) & Vector128.Create(HalfBits.Mask);

    /// <summary>The exact values of shifted halves, without an operand that is subnormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> Rebased(Vector128<int> bits)
    {
        var normal = bits + Vector128.Create(HalfBits.Rebase);
        var sign = bits & Vector128.Create(HalfBits.Sign);
        var small = (normal + Vector128.Create(HalfBits.Step)).AsSingle() - (sign | Vector128.Create(HalfBits.SmallestNormal)).AsSingle();
        var isSmall = Vector128.Equals(bits & Vector128.Create(HalfBits.Exponent), Vector128<int>.Zero);
        return Vector128.ConditionalSelect(isSmall, small.AsInt32() | sign, normal).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> FromCodes(byte* source, float scale, float bias)
    {
        var codes = Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(source)).AsByte())).AsInt32();
        return (Vector128.ConvertToSingle(codes) * Vector128.Create(scale)) + Vector128.Create(bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> FromNibbles(ulong codes, float scale, float bias)
    {
        // Each lane masks its code in place; a division by a power of two is exact and, unlike a shift by lane, in every instruction set.
        var inPlace = Vector128.Create((int)codes) & Vector128.Create(0xF, 0xF0, 0xF00, 0xF000);
        var values = Vector128.ConvertToSingle(inPlace) * Vector128.Create(1f, 1f / 0x10, 1f / 0x100, 1f / 0x1000);
        return (values * Vector128.Create(scale)) + Vector128.Create(bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> left, Vector128<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, float* target) => value.Store(target);
}
