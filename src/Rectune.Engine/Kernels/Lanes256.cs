using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rectune.Engine.Kernels;

/// <summary>8 fp32 elements at a time: AVX2.</summary>
internal readonly unsafe struct Lanes256 : ILanes<Vector256<float>>
{
    public static int Width => Vector256<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> FromSingles(float* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> FromHalves(ushort* source)
    {
        var bits = Avx2.ConvertToVector256Int32(Vector128.Load(source)).AsUInt32();
        var magnitude = (bits & Vector256.Create(HalfBits.Magnitude)) << HalfBits.MagnitudeShift;
        var exponent = magnitude & Vector256.Create(HalfBits.ShiftedExponent);
        var normal = magnitude + Vector256.Create(HalfBits.Rebase);
        var infinite = Vector256.Equals(exponent, Vector256.Create(HalfBits.ShiftedExponent)) & Vector256.Create(HalfBits.Rebase);
        var small = ((normal + Vector256.Create(HalfBits.Step)).AsSingle() - Vector256.Create(HalfBits.SmallestNormal).AsSingle()).AsUInt32();
        var widened = Vector256.ConditionalSelect(Vector256.Equals(exponent, Vector256<uint>.Zero), small, normal + infinite);
        return (widened | ((bits & Vector256.Create(HalfBits.Sign)) << HalfBits.SignShift)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> FromCodes(byte* source, float scale, float bias)
    {
        var codes = Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(source)).AsByte());
        return (Vector256.ConvertToSingle(codes) * Vector256.Create(scale)) + Vector256.Create(bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> FromNibbles(ulong codes, float scale, float bias)
    {
        var shifted = Avx2.ShiftRightLogicalVariable(Vector256.Create((uint)codes), Vector256.Create(0u, 4, 8, 12, 16, 20, 24, 28));
        var values = Vector256.ConvertToSingle((shifted & Vector256.Create(0xFu)).AsInt32());
        return (values * Vector256.Create(scale)) + Vector256.Create(bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> left, Vector256<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> value, float* target) => value.Store(target);
}
