namespace Rectune.Engine.Kernels;

/// <summary>One or several fp64 numbers with the arithmetic that <see cref="BoxMuller{TReals}"/> needs. Every operation rounds as IEEE 754 says, so widths agree bit for bit.</summary>
internal interface IReals<TSelf>
    where TSelf : unmanaged, IReals<TSelf>
{
    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>The number in every place.</summary>
    static abstract TSelf Of(double value);

    static abstract TSelf Sqrt(TSelf value);

    /// <summary><paramref name="left"/> &lt; <paramref name="right"/> ? <paramref name="yes"/> : <paramref name="no"/></summary>
    static abstract TSelf WhereLess(TSelf left, TSelf right, TSelf yes, TSelf no);

    /// <summary>⌊log₂ value⌋ for normal positive numbers.</summary>
    static abstract TSelf Exponent(TSelf value);

    /// <summary>value / 2^⌊log₂ value⌋, in [1, 2), for normal positive numbers.</summary>
    static abstract TSelf Significand(TSelf value);
}
