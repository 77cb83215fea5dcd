using System.Runtime.CompilerServices;

namespace Rectune.Engine.Kernels;

/// <summary>
/// Hashing and encoding of ids with one vector width. There must be at least as many hashes as the width; when the width does not divide them, the last
/// vector overlaps the one before it and stores the same bits again.
/// </summary>
internal static unsafe class DheHashing<TLanes, TWords, TReals>
    where TLanes : IHashLanes<TWords, TReals>
    where TWords : unmanaged
    where TReals : unmanaged, IReals<TReals>
{
    // Compiled once at full optimisation: a measured loop must not change its code while it is measured.
    private const MethodImplOptions HotLoop = MethodImplOptions.AggressiveOptimization;

    [MethodImpl(HotLoop)]
    public static void EncodeUniform(in HashRun run, int* ids, int count, float* target)
    {
        var functions = run;
        var last = (int)functions.Range - 1;
        for (var id = ids; id < ids + count; id++, target += functions.Count)
        {
            for (var next = 0; next < functions.Count; next += TLanes.Width)
            {
                var j = Math.Min(next, functions.Count - TLanes.Width);
                TLanes.StoreUniform(TLanes.Hash(functions, j, (uint)*id), last, last, target + j);
            }
        }
    }

    [MethodImpl(HotLoop)]
    public static void EncodeGaussian(in HashRun run, int* ids, int count, float* target)
    {
        var functions = run;
        var one = TReals.Of(1);
        var range = TReals.Of(functions.Range);
        for (var id = ids; id < ids + count; id++, target += functions.Count)
        {
            for (var next = 0; next < functions.Count; next += TLanes.Width)
            {
                var j = Math.Min(next, functions.Count - TLanes.Width);
                var hashes = TLanes.Hash(functions, j, (uint)*id);
                var (cosine, sine) = BoxMuller<TReals>.Pair(TLanes.Even(hashes) + one, TLanes.Odd(hashes) + one, range);
                TLanes.StorePairs(cosine, sine, target + j);
            }
        }
    }
}
