namespace Rectune.Engine.Kernels;

/// <summary>
/// A vector width: loads of each row format widened to fp32, sums and stores. Loads read exactly <see cref="Width"/> elements. Multiplying and adding
/// stay two roundings in every width (no fused multiply-add), which makes the widths agree bit for bit.
/// </summary>
internal unsafe interface ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>fp32 elements of a vector.</summary>
    static abstract int Width { get; }

    static abstract TVector FromSingles(float* source);

    static abstract TVector FromHalves(ushort* source);

    /// <summary>The same bits as <see cref="FromHalves"/>, with operands that may be subnormal.</summary>
    static abstract TVector FromHalvesByProduct(ushort* source);

    /// <summary>scale · code + bias.</summary>
    static abstract TVector FromCodes(byte* source, float scale, float bias);

    /// <summary>scale · code + bias of four-bit codes, the first in the lowest bits.</summary>
    static abstract TVector FromNibbles(ulong codes, float scale, float bias);

    static abstract TVector Add(TVector left, TVector right);

    static abstract void Store(TVector value, float* target);
}
