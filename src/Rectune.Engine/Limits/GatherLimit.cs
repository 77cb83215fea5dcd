using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Rectune.Engine.Limits;

/// <summary>
/// The most rows a second that this machine can fetch in a given order, whatever is then done with them: one 8-byte word is read of every cache line
/// that a row spans, for each row in turn. Shares no code with the pooling kernels.
/// </summary>
internal sealed unsafe class GatherLimit : IDisposable
{
    private readonly OnesBuffer buffer;
    private readonly LockstepThreads team;
    private readonly TimeProvider clock;
    private readonly long[] sums;

    /// <param name="tableBytes">Bytes of the largest tables that will be asked about; narrower rows use the beginning.</param>
    public GatherLimit(long tableBytes, LockstepThreads team, TimeProvider clock)
    {
        buffer = new OnesBuffer(tableBytes);
        this.team = team;
        this.clock = clock;
        sums = new long[team.Threads];
    }

    /// <summary>Distances to try.</summary>
    public static IReadOnlyList<int> PrefetchDistances { get; } = [0, 4, 8, 16, 24, 32, 48, 64];

    /// <summary>The fastest distance.</summary>
    public GatherRate Best(int rowBytes, int[] rows, TimeSpan limit) => Rates(rowBytes, rows, limit).MaxBy(rate => rate.RowsPerSecond);

    /// <summary>The best pass at every distance; distances take turns until <paramref name="limit"/> is over, each at least twice.</summary>
    /// <param name="rowBytes">Bytes of a row; row r begins at byte r · rowBytes.</param>
    /// <param name="rows">Row numbers in the order of reading, shared among the threads in equal parts. One pass should read far more than a cache holds.</param>
    public GatherRate[] Rates(int rowBytes, int[] rows, TimeSpan limit)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((rows.Max() + 1L) * rowBytes, buffer.Bytes, nameof(rows));
        var lines = rows.Sum(row => LinesOf(row, rowBytes));
        var best = new TimeSpan[PrefetchDistances.Count];
        Array.Fill(best, TimeSpan.MaxValue);
        var begun = clock.GetTimestamp();
        for (var pass = 0; pass < 2 || clock.GetElapsedTime(begun) < limit; pass++)
        {
            for (var i = 0; i < best.Length; i++)
            {
                var distance = PrefetchDistances[i];
                var start = clock.GetTimestamp();
                team.Run(member => sums[member] = Read(rowBytes, Part(rows, member), distance));
                var elapsed = clock.GetElapsedTime(start);
                best[i] = elapsed < best[i] ? elapsed : best[i];
                if (sums.Sum() != lines)
                {
                    throw new InvalidOperationException($"a pass read {sums.Sum()} lines, expected {lines}");
                }
            }
        }

        return [.. best.Select((time, i) => new GatherRate(PrefetchDistances[i], rows.Length / time.TotalSeconds, lines / time.TotalSeconds))];
    }

    public void Dispose() => buffer.Dispose();

    private static long LinesOf(int row, int rowBytes)
    {
        var first = (long)row * rowBytes;
        return ((first + rowBytes - 1) / OnesBuffer.LineBytes) - (first / OnesBuffer.LineBytes) + 1;
    }

    private ReadOnlySpan<int> Part(int[] rows, int member)
    {
        var first = (int)((long)rows.Length * member / team.Threads);
        return rows.AsSpan(first, (int)((long)rows.Length * (member + 1) / team.Threads) - first);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long Read(int rowBytes, ReadOnlySpan<int> rows, int distance)
    {
        const nint toLine = -OnesBuffer.LineBytes;
        var memory = buffer.Pointer;
        var sum = 0L;
        fixed (int* row = rows)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                if (distance != 0 && i + distance < rows.Length)
                {
                    var ahead = memory + ((nint)row[i + distance] * rowBytes);
                    var aheadEnd = ahead + rowBytes;
                    for (ahead = (byte*)((nint)ahead & toLine); ahead < aheadEnd; ahead += OnesBuffer.LineBytes)
                    {
                        // Without such an instruction the distances measure alike.
                        if (Sse.IsSupported)
                        {
                            Sse.Prefetch0(ahead);
                        }
                    }
                }

                var at = memory + ((nint)row[i] * rowBytes);
                var end = at + rowBytes;
                for (at = (byte*)((nint)at & toLine); at < end; at += OnesBuffer.LineBytes)
                {
                    sum += *(long*)at;
                }
            }
        }

        return sum;
    }
}
