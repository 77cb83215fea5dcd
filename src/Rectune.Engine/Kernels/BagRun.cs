using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Rectune.Engine.Kernels;

/// <summary>The bags of one table for consecutive samples, with everything the loop needs in raw form.</summary>
internal unsafe struct BagRun
{
    public const int LineBytes = 64;

    /// <summary>Row 0 of the table.</summary>
    public byte* Rows;

    public int RowBytes;

    /// <summary>Cache lines that a row touches at most.</summary>
    public int RowLines;

    /// <summary>Elements of a row.</summary>
    public int Dim;

    /// <summary>Vectors to store a sample, one an id; 0 sums the bag.</summary>
    public int Steps;

    /// <summary>An id's row is (id / <see cref="Divisor"/>) mod <see cref="Modulus"/>.</summary>
    public uint Divisor;

    public uint Modulus;

    /// <summary>Where the offsets count from; the first sample's first id when there are none.</summary>
    public int* Ids;

    /// <summary><c>[samples + 1]</c>, or null when every bag has <see cref="BagSize"/> ids.</summary>
    public int* Offsets;

    public int BagSize;

    public int Samples;

    /// <summary>The first sample's vectors; the others follow at <see cref="TargetStride"/> elements.</summary>
    public float* Target;

    public int TargetStride;

    /// <summary>Ids between the row being read and the row being prefetched; 0 does not prefetch.</summary>
    public int PrefetchIds;

    /// <summary>One past the last id of the run.</summary>
    public readonly int* EndId => FirstId(Samples);

    /// <summary>First id of a sample's bag, which is one past the last of the bag before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int* FirstId(int sample) => Offsets is null ? Ids + ((long)sample * BagSize) : Ids + Offsets[sample];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly byte* Row<TRule>(int id)
        where TRule : IIndexRule => Rows + ((nint)TRule.RowOf((uint)id, Divisor, Modulus) * RowBytes);

    /// <summary>
    /// Asks for every cache line of a row, once; a row on fewer lines than its table's others has one asked for twice, because a branch on where it lies
    /// would be mispredicted and cost more. The runtime has a prefetch for x64 only; elsewhere this does nothing.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Prefetch<TRule>(int id)
        where TRule : IIndexRule
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        var row = Row<TRule>(id);
        var last = row + RowBytes - 1;
        for (var line = 1; line < RowLines; line++, row += LineBytes)
        {
            Sse.Prefetch0(row);
        }

        Sse.Prefetch0(last);
    }

    /// <summary>Asks for the first rows, those that the loop's own prefetching comes too late for.</summary>
    public readonly void PrefetchHead<TRule>()
        where TRule : IIndexRule
    {
        if (Steps == 0)
        {
            // Bags follow one another without gaps.
            var first = FirstId(0);
            var end = first + Math.Min(EndId - first, PrefetchIds);
            for (var id = first; id < end; id++)
            {
                Prefetch<TRule>(*id);
            }

            return;
        }

        var cursor = new BagCursor();
        for (var i = 0; i < PrefetchIds && cursor.Next(this, out var id); i++)
        {
            Prefetch<TRule>(id);
        }
    }
}
