using System.Runtime.CompilerServices;

namespace Rectune.Engine.Kernels;

/// <summary>
/// The pooling loop for one row format and one vector width. A bag is summed in registers, id by id in the order given, so rows are read once and the
/// result does not depend on the width. Rows must be at least one vector wide; when the width does not divide the row, the last vector overlaps the
/// one before it and stores the same bits again.
/// </summary>
internal static unsafe class BagPooling<TFormat, TLanes, TVector>
    where TFormat : IRowFormat
    where TLanes : ILanes<TVector>
    where TVector : unmanaged
{
    // Compiled once at full optimisation: a measured loop must not change its code while it is measured.
    private const MethodImplOptions HotLoop = MethodImplOptions.AggressiveOptimization;

    public static void Pool(in BagRun run)
    {
        if (run.Offsets is null && run.BagSize == 1)
        {
            PoolSingles(run);
        }
        else
        {
            PoolBags(run);
        }
    }

    [MethodImpl(HotLoop)]
    private static void PoolSingles(BagRun run)
    {
        var id = run.Ids;
        var end = run.EndId;
        var target = run.Target;
        for (; id < end; id++, target += run.TargetStride)
        {
            if (run.PrefetchIds != 0 && id + run.PrefetchIds < end)
            {
                run.Prefetch(id[run.PrefetchIds]);
            }

            var row = run.Row(*id);
            var element = 0;
            for (; element + TLanes.Width <= run.Dim; element += TLanes.Width)
            {
                TLanes.Store(TFormat.Load<TLanes, TVector>(row, element, run.Dim), target + element);
            }

            if (element < run.Dim)
            {
                element = run.Dim - TLanes.Width;
                TLanes.Store(TFormat.Load<TLanes, TVector>(row, element, run.Dim), target + element);
            }
        }
    }

    [MethodImpl(HotLoop)]
    private static void PoolBags(BagRun run)
    {
        var end = run.EndId;
        var target = run.Target;
        for (var sample = 0; sample < run.Samples; sample++, target += run.TargetStride)
        {
            var first = run.Offsets is null ? run.Ids + ((long)sample * run.BagSize) : run.Ids + run.Offsets[sample];
            var last = run.Offsets is null ? first + run.BagSize : run.Ids + run.Offsets[sample + 1];
            // Only the first walk over a bag prefetches; a wide row is walked again for its later elements.
            var prefetchEnd = run.PrefetchIds == 0 ? first : end;
            var element = 0;
            for (; element + (4 * TLanes.Width) <= run.Dim; element += 4 * TLanes.Width)
            {
                SumFour(run, first, last, prefetchEnd, element, target + element);
                prefetchEnd = first;
            }

            for (; element + TLanes.Width <= run.Dim; element += TLanes.Width)
            {
                SumOne(run, first, last, prefetchEnd, element, target + element);
                prefetchEnd = first;
            }

            if (element < run.Dim)
            {
                element = run.Dim - TLanes.Width;
                SumOne(run, first, last, first, element, target + element);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SumOne(in BagRun run, int* first, int* last, int* prefetchEnd, int element, float* target)
    {
        TVector sum = default;
        for (var id = first; id < last; id++)
        {
            if (id + run.PrefetchIds < prefetchEnd)
            {
                run.Prefetch(id[run.PrefetchIds]);
            }

            sum = TLanes.Add(sum, TFormat.Load<TLanes, TVector>(run.Row(*id), element, run.Dim));
        }

        TLanes.Store(sum, target);
    }

    /// <summary>Four vectors of the row at once: four independent sums, and the row's lines are fetched in one visit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SumFour(in BagRun run, int* first, int* last, int* prefetchEnd, int element, float* target)
    {
        TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        for (var id = first; id < last; id++)
        {
            if (id + run.PrefetchIds < prefetchEnd)
            {
                run.Prefetch(id[run.PrefetchIds]);
            }

            var row = run.Row(*id);
            sum0 = TLanes.Add(sum0, TFormat.Load<TLanes, TVector>(row, element, run.Dim));
            sum1 = TLanes.Add(sum1, TFormat.Load<TLanes, TVector>(row, element + TLanes.Width, run.Dim));
            sum2 = TLanes.Add(sum2, TFormat.Load<TLanes, TVector>(row, element + (2 * TLanes.Width), run.Dim));
            sum3 = TLanes.Add(sum3, TFormat.Load<TLanes, TVector>(row, element + (3 * TLanes.Width), run.Dim));
        }

        TLanes.Store(sum0, target);
        TLanes.Store(sum1, target + TLanes.Width);
        TLanes.Store(sum2, target + (2 * TLanes.Width));
        TLanes.Store(sum3, target + (3 * TLanes.Width));
    }
}
