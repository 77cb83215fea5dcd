using System.Runtime.CompilerServices;

namespace Rectune.Engine.Kernels;

/// <summary>How a packed row becomes vectors of fp32.</summary>
internal unsafe interface IRowFormat
{
    /// <summary>What the row's elements have in common; read once a row, because unpacking it can take longer than a vector of codes.</summary>
    static abstract RowScale ScaleOf(byte* row, int dim);

    /// <summary>
    /// The elements from <paramref name="element"/> on, a multiple of the vector, one vector of them, of a row of <paramref name="dim"/>.
    /// </summary>
    static abstract TVector Load<TLanes, TVector>(byte* row, int element, int dim, RowScale scale)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged;

    /// <summary>The row's last elements, one vector of them.</summary>
    static abstract TVector LoadLast<TLanes, TVector>(byte* row, int dim, RowScale scale)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged;

    /// <summary>Elements are fp32.</summary>
    internal readonly struct Singles : IRowFormat
    {
        public static RowScale ScaleOf(byte* row, int dim) => default;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Load<TLanes, TVector>(byte* row, int element, int dim, RowScale scale)
            where TLanes : ILanes<TVector>
            where TVector : unmanaged => TLanes.FromSingles((float*)row + element);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector LoadLast<TLanes, TVector>(byte* row, int dim, RowScale scale)
            where TLanes : ILanes<TVector>
            where TVector : unmanaged => Load<TLanes, TVector>(row, dim - TLanes.Width, dim, scale);
    }

    /// <summary>Elements are fp16.</summary>
    internal readonly struct Halves : IRowFormat
    {
        public static RowScale ScaleOf(byte* row, int dim) => default;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Load<TLanes, TVector>(byte* row, int element, int dim, RowScale scale)
            where TLanes : ILanes<TVector>
            where TVector : unmanaged => TLanes.FromHalves((ushort*)row + element);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector LoadLast<TLanes, TVector>(byte* row, int dim, RowScale scale)
            where TLanes : ILanes<TVector>
            where TVector : unmanaged => Load<TLanes, TVector>(row, dim - TLanes.Width, dim, scale);
    }

    /// <summary>Elements are fp16, on cores where <see cref="HalfBits.SubnormalsAreFree"/>.</summary>
    internal readonly struct HalvesByProduct : IRowFormat
    {
        public static RowScale ScaleOf(byte* row, int dim) => default;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Load<TLanes, TVector>(byte* row, int element, int dim, RowScale scale)
            where TLanes : ILanes<TVector>
            where TVector : unmanaged => TLanes.FromHalvesByProduct((ushort*)row + element);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector LoadLast<TLanes, TVector>(byte* row, int dim, RowScale scale)
            where TLanes : ILanes<TVector>
            where TVector : unmanaged => Load<TLanes, TVector>(row, dim - TLanes.Width, dim, scale);
    }

    /// <summary>Elements are codes, followed by the row's scale and bias.</summary>
    internal readonly struct Codes : IRowFormat
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static RowScale ScaleOf(byte* row, int dim) =>
            new(Unsafe.ReadUnaligned<float>(row + dim), Unsafe.ReadUnaligned<float>(row + dim + sizeof(float)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Load<TLanes, TVector>(byte* row, int element, int dim, RowScale scale)
            where TLanes : ILanes<TVector>
            where TVector : unmanaged => TLanes.FromCodes(row + element, scale.Scale, scale.Bias);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector LoadLast<TLanes, TVector>(byte* row, int dim, RowScale scale)
            where TLanes : ILanes<TVector>
            where TVector : unmanaged => Load<TLanes, TVector>(row, dim - TLanes.Width, dim, scale);
    }

    /// <summary>Elements are codes of four bits, two a byte with the even one low, followed by the row's scale and bias in fp16.</summary>
    internal readonly struct Nibbles : IRowFormat
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static RowScale ScaleOf(byte* row, int dim)
        {
            var halves = Lanes128.FromHalves(Unsafe.ReadUnaligned<uint>(row + ((dim + 1) / 2)));
            return new RowScale(halves[0], halves[1]);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Load<TLanes, TVector>(byte* row, int element, int dim, RowScale scale)
            where TLanes : ILanes<TVector>
            where TVector : unmanaged
        {
            var codes = row + (element / 2);
            // Exactly the bytes of one vector; an odd element occurs one at a time only.
            var packed = TLanes.Width switch
            {
                1 => (ulong)*codes >> (element % 2 * 4),
                4 => Unsafe.ReadUnaligned<ushort>(codes),
                8 => Unsafe.ReadUnaligned<uint>(codes),
                _ => Unsafe.ReadUnaligned<ulong>(codes),
            };
            return TLanes.FromNibbles(packed, scale.Scale, scale.Bias);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector LoadLast<TLanes, TVector>(byte* row, int dim, RowScale scale)
            where TLanes : ILanes<TVector>
            where TVector : unmanaged
        {
            if (dim % 2 == 0)
            {
                return Load<TLanes, TVector>(row, dim - TLanes.Width, dim, scale);
            }

            // The vector starts in the upper half of one byte and ends in the lower half of another.
            var codes = row + ((dim - TLanes.Width) / 2);
            var packed = TLanes.Width switch
            {
                1 => codes[0],
                4 => ((uint)codes[0] >> 4) | ((uint)Unsafe.ReadUnaligned<ushort>(codes + 1) << 4),
                8 => ((ulong)codes[0] >> 4) | ((ulong)Unsafe.ReadUnaligned<uint>(codes + 1) << 4),
                _ => ((ulong)codes[0] >> 4) | (Unsafe.ReadUnaligned<ulong>(codes + 1) << 4),
            };
            return TLanes.FromNibbles(packed, scale.Scale, scale.Bias);
        }
    }
}
