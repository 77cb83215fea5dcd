using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rectune.Engine.Kernels;

/// <summary>16 fp32 elements at a time: AVX-512.</summary>
internal readonly unsafe struct Lanes512 : ILanes<Vector512<float>>
{
    public static int Width => Vector512<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FromSingles(float* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FromHalves(ushort* source)
    {
        var bits = Avx512F.ConvertToVector512UInt32(Vector256.Load(source));
        var magnitude = (bits & Vector512.Create(HalfBits.Magnitude)) << HalfBits.MagnitudeShift;
        var exponent = magnitude & Vector512.Create(HalfBits.ShiftedExponent);
        var normal = magnitude + Vector512.Create(HalfBits.Rebase);
        var infinite = Vector512.Equals(exponent, Vector512.Create(HalfBits.ShiftedExponent)) & Vector512.Create(HalfBits.Rebase);
        var small = ((normal + Vector512.Create(HalfBits.Step)).AsSingle() - Vector512.Create(HalfBits.SmallestNormal).AsSingle()).AsUInt32();
        var widened = Vector512.ConditionalSelect(Vector512.Equals(exponent, Vector512<uint>.Zero), small, normal + infinite);
        return (widened | ((bits & Vector512.Create(HalfBits.Sign)) << HalfBits.SignShift)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FromCodes(byte* source, float scale, float bias)
    {
        var codes = Avx512F.ConvertToVector512Int32(Vector128.Load(source));
        return (Vector512.ConvertToSingle(codes) * Vector512.Create(scale)) + Vector512.Create(bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FromNibbles(ulong codes, float scale, float bias)
    {
        var halves = Avx512F.PermuteVar16x32(
            Vector512.CreateScalarUnsafe(codes).AsUInt32(), Vector512.Create(0u, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1));
        var shifted = Avx512F.ShiftRightLogicalVariable(halves, Vector512.Create(0u, 4, 8, 12, 16, 20, 24, 28, 0, 4, 8, 12, 16, 20, 24, 28));
        var values = Vector512.ConvertToSingle((shifted & Vector512.Create(0xFu)).AsInt32());
        return (values * Vector512.Create(scale)) + Vector512.Create(bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> left, Vector512<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, float* target) => value.Store(target);
}
