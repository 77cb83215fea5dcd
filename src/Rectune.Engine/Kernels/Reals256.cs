using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rectune.Engine.Kernels;

/// <summary>Four fp64 numbers.</summary>
internal readonly struct Reals256(Vector256<double> value) : IReals<Reals256>
{
    public readonly Vector256<double> Value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals256 operator +(Reals256 left, Reals256 right) => new(left.Value + right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals256 operator -(Reals256 left, Reals256 right) => new(left.Value - right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals256 operator *(Reals256 left, Reals256 right) => new(left.Value * right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals256 operator /(Reals256 left, Reals256 right) => new(left.Value / right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals256 Of(double value) => new(Vector256.Create(value));

    /// <summary>Whole numbers below 2⁵² to fp64: they are the low significand bits of 2⁵² + n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals256 Of(Vector256<ulong> value) =>
        new((value | Vector256.Create(DoubleBits.Whole)).AsDouble() - Vector256.Create(DoubleBits.WholeOffset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals256 Sqrt(Reals256 value) => new(Vector256.Sqrt(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals256 WhereLess(Reals256 left, Reals256 right, Reals256 yes, Reals256 no) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(left.Value, right.Value), yes.Value, no.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals256 Exponent(Reals256 value) => Of(value.Value.AsUInt64() >> DoubleBits.SignificandBits) - Of(DoubleBits.Bias);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals256 Significand(Reals256 value) =>
        new(((value.Value.AsUInt64() & Vector256.Create(DoubleBits.Significand)) | Vector256.Create(DoubleBits.One)).AsDouble());
}
