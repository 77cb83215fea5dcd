using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rectune.Engine.Kernels;

/// <summary>Two fp64 numbers.</summary>
internal readonly struct Reals128(Vector128<double> value) : IReals<Reals128>
{
    public readonly Vector128<double> Value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals128 operator +(Reals128 left, Reals128 right) => new(left.Value + right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals128 operator -(Reals128 left, Reals128 right) => new(left.Value - right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals128 operator *(Reals128 left, Reals128 right) => new(left.Value * right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals128 operator /(Reals128 left, Reals128 right) => new(left.Value / right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals128 Of(double value) => new(Vector128.Create(value));

    /// <summary>Whole numbers below 2⁵² to fp64: they are the low significand bits of 2⁵² + n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals128 Of(Vector128<ulong> value) =>
        new((value | Vector128.Create(DoubleBits.Whole)).AsDouble() - Vector128.Create(DoubleBits.WholeOffset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals128 Sqrt(Reals128 value) => new(Vector128.Sqrt(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals128 WhereLess(Reals128 left, Reals128 right, Reals128 yes, Reals128 no) =>
        new(Vector128.ConditionalSelect(Vector128.LessThan(left.Value, right.Value), yes.Value, no.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals128 Exponent(Reals128 value) => Of(value.Value.AsUInt64() >> DoubleBits.SignificandBits) - Of(DoubleBits.Bias);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals128 Significand(Reals128 value) =>
        new(((value.Value.AsUInt64() & Vector128.Create(DoubleBits.Significand)) | Vector128.Create(DoubleBits.One)).AsDouble());
}
