using System.Runtime.CompilerServices;

namespace Rectune.Engine.Kernels;

/// <summary>
/// Two independent standard normal numbers from two uniform ones (Box and Muller, 1958), for uniforms n / m with whole n from 1 to m.
/// In fp64 throughout: near n = m the logarithm of an fp32 quotient would have no correct digit left.
/// </summary>
internal static class BoxMuller<TReals>
    where TReals : unmanaged, IReals<TReals>
{
    /// <summary>√(−2 ln (n₁ / m)) · (cos, sin)(2π n₂ / m), to 10⁻⁸ before the rounding to fp32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TReals Cosine, TReals Sine) Pair(TReals n1, TReals n2, TReals m)
    {
        var radius = TReals.Sqrt(TReals.Of(-2) * LogOfQuotient(n1, m));
        var (sine, cosine) = SinCosOfTurn(n2, m);
        return (radius * cosine, radius * sine);
    }

    /// <summary>
    /// ln (n / m) = e ln 2 + 2 artanh s, where n = 2ᵉ f m with f in [√½, √2] and s = (f − 1) / (f + 1): the series in s² ≤ 0.0295 is cut at 10⁻¹¹.
    /// The numerator f m − m is exact, so that the result keeps its relative accuracy down to n = m − 1, and is 0 for n = m.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TReals LogOfQuotient(TReals n, TReals m)
    {
        var one = TReals.Of(1);
        var whole = TReals.Significand(m);
        var part = TReals.Significand(n);
        var exponent = TReals.Exponent(n) - TReals.Exponent(m);
        var tooLarge = whole * TReals.Of(Math.Sqrt(2));
        var tooSmall = whole * TReals.Of(Math.Sqrt(0.5));
        exponent += TReals.WhereLess(part, tooSmall, TReals.Of(-1), TReals.WhereLess(tooLarge, part, one, TReals.Of(0)));
        part *= TReals.WhereLess(part, tooSmall, TReals.Of(2), TReals.WhereLess(tooLarge, part, TReals.Of(0.5), one));
        var s = (part - whole) / (part + whole);
        var square = s * s;
        var series = TReals.Of(2.0 / 11);
        series = (series * square) + TReals.Of(2.0 / 9);
        series = (series * square) + TReals.Of(2.0 / 7);
        series = (series * square) + TReals.Of(2.0 / 5);
        series = (series * square) + TReals.Of(2.0 / 3);
        series = (series * square) + TReals.Of(2);
        return (exponent * TReals.Of(Math.Log(2))) + (s * series);
    }

    /// <summary>
    /// Sine and cosine of 2πn / m: with φ = (π / 2) (n / m − ½), at most π / 4, they are −sin 4φ and −cos 4φ. Taylor's series of φ, cut at 10⁻¹¹ and
    /// 10⁻¹⁰, then the double-angle formulas twice, need no quadrants.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TReals Sine, TReals Cosine) SinCosOfTurn(TReals n, TReals m)
    {
        var angle = (n + n - m) * (TReals.Of(Math.PI / 4) / m);
        var square = angle * angle;
        var sine = TReals.Of(-1.0 / 39916800);
        sine = (sine * square) + TReals.Of(1.0 / 362880);
        sine = (sine * square) - TReals.Of(1.0 / 5040);
        sine = (sine * square) + TReals.Of(1.0 / 120);
        sine = (sine * square) - TReals.Of(1.0 / 6);
        sine = ((sine * square) + TReals.Of(1)) * angle;
        var cosine = TReals.Of(-1.0 / 3628800);
        cosine = (cosine * square) + TReals.Of(1.0 / 40320);
        cosine = (cosine * square) - TReals.Of(1.0 / 720);
        cosine = (cosine * square) + TReals.Of(1.0 / 24);
        cosine = (cosine * square) - TReals.Of(1.0 / 2);
        cosine = (cosine * square) + TReals.Of(1);
        var twiceSine = TReals.Of(2) * sine * cosine;
        var twiceCosine = TReals.Of(1) - (TReals.Of(2) * sine * sine);
        return (TReals.Of(-2) * twiceSine * twiceCosine, (TReals.Of(2) * twiceSine * twiceSine) - TReals.Of(1));
    }
}
