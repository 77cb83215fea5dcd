using System.Runtime.CompilerServices;

namespace Rectune.Engine.Kernels;

/// <summary>How a packed row becomes vectors of fp32.</summary>
internal unsafe interface IRowFormat
{
    /// <summary>The elements from <paramref name="element"/> on, one vector of them, of a row of <paramref name="dim"/>.</summary>
    static abstract TVector Load<TLanes, TVector>(byte* row, int element, int dim)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged;

    /// <summary>Elements are fp32.</summary>
    internal readonly struct Singles : IRowFormat
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Load<TLanes, TVector>(byte* row, int element, int dim)
            where TLanes : ILanes<TVector>
            where TVector : unmanaged => TLanes.FromSingles((float*)row + element);
    }

    /// <summary>Elements are fp16.</summary>
    internal readonly struct Halves : IRowFormat
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Load<TLanes, TVector>(byte* row, int element, int dim)
            where TLanes : ILanes<TVector>
            where TVector : unmanaged => TLanes.FromHalves((ushort*)row + element);
    }

    /// <summary>Elements are codes, followed by the row's scale and bias.</summary>
    internal readonly struct Codes : IRowFormat
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Load<TLanes, TVector>(byte* row, int element, int dim)
            where TLanes : ILanes<TVector>
            where TVector : unmanaged =>
            TLanes.FromCodes(row + element, Unsafe.ReadUnaligned<float>(row + dim), Unsafe.ReadUnaligned<float>(row + dim + sizeof(float)));
    }
}
