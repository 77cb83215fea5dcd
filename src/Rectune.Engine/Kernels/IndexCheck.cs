using System.Numerics;
using System.Runtime.InteropServices;

namespace Rectune.Engine.Kernels;

/// <summary>Tells whether ids lie inside their table.</summary>
public static class IndexCheck
{
    /// <summary>Position of the first of <paramref name="ids"/> outside [0, <paramref name="rows"/>), or −1 when all are inside.</summary>
    public static int FirstOutside(ReadOnlySpan<int> ids, long rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        // As unsigned numbers, negative ids lie above every valid row: one comparison checks both ends.
        var limit = (uint)Math.Min(rows, 1L << 31);
        var unsigned = MemoryMarshal.Cast<int, uint>(ids);
        var limits = new Vector<uint>(limit);
        var i = 0;
        for (; i + Vector<uint>.Count <= unsigned.Length; i += Vector<uint>.Count)
        {
            if (Vector.GreaterThanOrEqualAny(new Vector<uint>(unsigned[i..]), limits))
            {
                break;
            }
        }

        for (; i < unsigned.Length; i++)
        {
            if (unsigned[i] >= limit)
            {
                return i;
            }
        }

        return -1;
    }
}
