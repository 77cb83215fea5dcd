using System.Runtime.CompilerServices;

namespace Rectune.Engine.Kernels;

/// <summary>
/// The pooling loop for one row format, index rule and vector width. A bag is summed in registers, id by id in the order given, so rows are read once and the
/// result does not depend on the width. Rows must be at least one vector wide; when the width does not divide the row, the last vector overlaps the
/// one before it and stores the same bits again.
/// </summary>
internal static unsafe class BagPooling<TFormat, TRule, TLanes, TVector>
    where TFormat : IRowFormat
    where TRule : IIndexRule
    where TLanes : ILanes<TVector>
    where TVector : unmanaged
{
    // Compiled once at full optimisation: a measured loop must not change its code while it is measured.
    private const MethodImplOptions HotLoop = MethodImplOptions.AggressiveOptimization;

    public static void Pool(in BagRun run)
    {
        if (run.Steps > 0)
        {
            StoreSequences(run);
        }
        else if (run.Offsets is null && run.BagSize == 1)
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
                run.Prefetch<TRule>(id[run.PrefetchIds]);
            }

            Widen(run.Row<TRule>(*id), run.Dim, target);
        }
    }

    [MethodImpl(HotLoop)]
    private static void StoreSequences(BagRun run)
    {
        var ahead = new BagCursor();
        for (var i = 0; i < run.PrefetchIds && ahead.Next(run, out _); i++)
        {
        }

        var target = run.Target;
        for (var sample = 0; sample < run.Samples; sample++, target += run.TargetStride)
        {
            var id = run.FirstId(sample);
            var stored = (int)Math.Min(run.FirstId(sample + 1) - id, run.Steps);
            var vector = target;
            for (var end = id + stored; id < end; id++, vector += run.Dim)
            {
                if (run.PrefetchIds != 0 && ahead.Next(run, out var next))
                {
                    run.Prefetch<TRule>(next);
                }

                Widen(run.Row<TRule>(*id), run.Dim, vector);
            }

            new Span<float>(vector, (run.Steps - stored) * run.Dim).Clear();
        }
    }

    [MethodImpl(HotLoop)]
    private static void PoolBags(BagRun run)
    {
        var end = run.EndId;
        var target = run.Target;
        for (var sample = 0; sample < run.Samples; sample++, target += run.TargetStride)
        {
            var first = run.FirstId(sample);
            var last = run.FirstId(sample + 1);
            // Only the first walk over a bag prefetches; a wide row is walked again for its later elements.
            var prefetchEnd = run.PrefetchIds == 0 ? first : end;
            var element = 0;
            for (; element + (4 * TLanes.Width) <= run.Dim; element += 4 * TLanes.Width)
            {
                SumFour(run, first, last, prefetchEnd, element, target + element);
                prefetchEnd = first;
            }

            if (element + (2 * TLanes.Width) <= run.Dim)
            {
                SumTwo(run, first, last, prefetchEnd, element, target + element);
                prefetchEnd = first;
                element += 2 * TLanes.Width;
            }

            if (element + TLanes.Width <= run.Dim)
            {
                SumOne(run, first, last, prefetchEnd, element, target + element);
                prefetchEnd = first;
                element += TLanes.Width;
            }

            if (element < run.Dim)
            {
                SumLast(run, first, last, target + run.Dim - TLanes.Width);
            }
        }
    }

    /// <summary>One row as fp32, <c>[dim]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen(byte* row, int dim, float* target)
    {
        var scale = TFormat.ScaleOf(row, dim);
        var element = 0;
        for (; element + TLanes.Width <= dim; element += TLanes.Width)
        {
            TLanes.Store(TFormat.Load<TLanes, TVector>(row, element, dim, scale), target + element);
        }

        if (element < dim)
        {
            TLanes.Store(TFormat.LoadLast<TLanes, TVector>(row, dim, scale), target + dim - TLanes.Width);
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
                run.Prefetch<TRule>(id[run.PrefetchIds]);
            }

            var row = run.Row<TRule>(*id);
            sum = TLanes.Add(sum, TFormat.Load<TLanes, TVector>(row, element, run.Dim, TFormat.ScaleOf(row, run.Dim)));
        }

        TLanes.Store(sum, target);
    }

    /// <summary>Two vectors of the row at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SumTwo(in BagRun run, int* first, int* last, int* prefetchEnd, int element, float* target)
    {
        TVector sum0 = default, sum1 = default;
        for (var id = first; id < last; id++)
        {
            if (id + run.PrefetchIds < prefetchEnd)
            {
                run.Prefetch<TRule>(id[run.PrefetchIds]);
            }

            var row = run.Row<TRule>(*id);
            var scale = TFormat.ScaleOf(row, run.Dim);
            sum0 = TLanes.Add(sum0, TFormat.Load<TLanes, TVector>(row, element, run.Dim, scale));
            sum1 = TLanes.Add(sum1, TFormat.Load<TLanes, TVector>(row, element + TLanes.Width, run.Dim, scale));
        }

        TLanes.Store(sum0, target);
        TLanes.Store(sum1, target + TLanes.Width);
    }

    /// <summary>The row's last vector, whose lines the others have visited.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SumLast(in BagRun run, int* first, int* last, float* target)
    {
        TVector sum = default;
        for (var id = first; id < last; id++)
        {
            var row = run.Row<TRule>(*id);
            sum = TLanes.Add(sum, TFormat.LoadLast<TLanes, TVector>(row, run.Dim, TFormat.ScaleOf(row, run.Dim)));
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
                run.Prefetch<TRule>(id[run.PrefetchIds]);
            }

            var row = run.Row<TRule>(*id);
            var scale = TFormat.ScaleOf(row, run.Dim);
            sum0 = TLanes.Add(sum0, TFormat.Load<TLanes, TVector>(row, element, run.Dim, scale));
            sum1 = TLanes.Add(sum1, TFormat.Load<TLanes, TVector>(row, element + TLanes.Width, run.Dim, scale));
            sum2 = TLanes.Add(sum2, TFormat.Load<TLanes, TVector>(row, element + (2 * TLanes.Width), run.Dim, scale));
            sum3 = TLanes.Add(sum3, TFormat.Load<TLanes, TVector>(row, element + (3 * TLanes.Width), run.Dim, scale));
        }

        TLanes.Store(sum0, target);
        TLanes.Store(sum1, target + TLanes.Width);
        TLanes.Store(sum2, target + (2 * TLanes.Width));
        TLanes.Store(sum3, target + (3 * TLanes.Width));
    }
}
