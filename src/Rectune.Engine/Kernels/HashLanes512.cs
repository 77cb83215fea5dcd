using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rectune.Engine.Kernels;

/// <summary>16 words at a time: AVX-512.</summary>
internal readonly unsafe struct HashLanes512 : IHashLanes<Vector512<uint>, Reals512>
{
    public static int Width => Vector512<uint>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Hash(in HashRun run, int j, uint id)
    {
        var x = Vector512.Create(id);
        var p = Vector512.Create(run.Prime);
        var q = MultiplyHigh(Vector512.Load(run.Quotients + j), x);
        var r = (Vector512.Load(run.Multipliers + j) * x) - (q * p);
        r = Vector512.Min(r, r - p) + Vector512.Load(run.Addends + j);
        r = Vector512.Min(r, r - p);
        return Vector512.Min(r, r - Vector512.Create(run.Range));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreUniform(Vector512<uint> hashes, int last, float divisor, float* target)
    {
        var numerators = (hashes + hashes).AsInt32() - Vector512.Create(last);
        (Vector512.ConvertToSingle(numerators) / Vector512.Create(divisor)).Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals512 Even(Vector512<uint> words) => Reals512.Of(words.AsUInt64() & Vector512.Create((ulong)uint.MaxValue));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals512 Odd(Vector512<uint> words) => Reals512.Of(words.AsUInt64() >> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(Reals512 even, Reals512 odd, float* target) =>
        Vector512.Shuffle(Vector512.Narrow(even.Value, odd.Value), Vector512.Create(0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15)).Store(target);

    /// <summary>The upper halves of the 64-bit products; <paramref name="x"/> is the same in every place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> MultiplyHigh(Vector512<uint> left, Vector512<uint> x)
    {
        var even = Avx512F.Multiply(left, x) >> 32;
        var odd = Avx512F.Multiply((left.AsUInt64() >> 32).AsUInt32(), x);
        return Vector512.ConditionalSelect(Vector512.Create((ulong)uint.MaxValue), even, odd).AsUInt32();
    }
}
