using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rectune.Engine.Kernels;

/// <summary>Eight fp64 numbers.</summary>
internal readonly struct Reals512(Vector512<double> value) : IReals<Reals512>
{
    public readonly Vector512<double> Value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals512 operator +(Reals512 left, Reals512 right) => new(left.Value + right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals512 operator -(Reals512 left, Reals512 right) => new(left.Value - right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals512 operator *(Reals512 left, Reals512 right) => new(left.Value * right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals512 operator /(Reals512 left, Reals512 right) => new(left.Value / right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals512 Of(double value) => new(Vector512.Create(value));

    /// <summary>Whole numbers below 2⁵² to fp64: they are the low significand bits of 2⁵² + n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals512 Of(Vector512<ulong> value) =>
        new((value | Vector512.Create(DoubleBits.Whole)).AsDouble() - Vector512.Create(DoubleBits.WholeOffset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals512 Sqrt(Reals512 value) => new(Vector512.Sqrt(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals512 WhereLess(Reals512 left, Reals512 right, Reals512 yes, Reals512 no) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(left.Value, right.Value), yes.Value, no.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals512 Exponent(Reals512 value) => Of(value.Value.AsUInt64() >> DoubleBits.SignificandBits) - Of(DoubleBits.Bias);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals512 Significand(Reals512 value) =>
        new(((value.Value.AsUInt64() & Vector512.Create(DoubleBits.Significand)) | Vector512.Create(DoubleBits.One)).AsDouble());
}
