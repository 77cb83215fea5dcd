using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Rectune.Engine.Kernels;

/// <summary>The bags of one table for consecutive samples, with everything the loop needs in raw form.</summary>
internal unsafe struct BagRun
{
    private const int LineBytes = 64;

    /// <summary>Row 0 of the table.</summary>
    public byte* Rows;

    public int RowBytes;

    /// <summary>Elements of a row.</summary>
    public int Dim;

    /// <summary>Where the offsets count from; the first sample's first id when there are none.</summary>
    public int* Ids;

    /// <summary><c>[samples + 1]</c>, or null when every bag has <see cref="BagSize"/> ids.</summary>
    public int* Offsets;

    public int BagSize;

    public int Samples;

    /// <summary>The first sample's pooled vector; the others follow at <see cref="TargetStride"/> elements.</summary>
    public float* Target;

    public int TargetStride;

    /// <summary>Ids between the row being read and the row being prefetched; 0 does not prefetch.</summary>
    public int PrefetchIds;

    /// <summary>First id of the run.</summary>
    public readonly int* FirstId => Offsets is null ? Ids : Ids + Offsets[0];

    /// <summary>One past the last id of the run.</summary>
    public readonly int* EndId => Offsets is null ? Ids + ((long)Samples * BagSize) : Ids + Offsets[Samples];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly byte* Row(int id) => Rows + ((nint)(uint)id * RowBytes);

    /// <summary>Asks for every cache line of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Prefetch(int id)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        var row = Row(id);
        for (var offset = 0; offset < RowBytes; offset += LineBytes)
        {
            Sse.Prefetch0(row + offset);
        }

        if (RowBytes % LineBytes != 0)
        {
            // Such rows do not start on lines, so the last byte may lie on one more.
            Sse.Prefetch0(row + RowBytes - 1);
        }
    }

    /// <summary>Asks for the first rows, those that the loop's own prefetching comes too late for.</summary>
    public readonly void PrefetchHead()
    {
        if (PrefetchIds == 0)
        {
            return;
        }

        var first = FirstId;
        var count = Math.Min(EndId - first, PrefetchIds);
        for (var i = 0; i < count; i++)
        {
            Prefetch(first[i]);
        }
    }
}
