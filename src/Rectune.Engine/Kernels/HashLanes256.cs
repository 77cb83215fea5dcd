using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rectune.Engine.Kernels;

/// <summary>8 words at a time: AVX2.</summary>
internal readonly unsafe struct HashLanes256 : IHashLanes<Vector256<uint>, Reals256>
{
    public static int Width => Vector256<uint>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Hash(in HashRun run, int j, uint id)
    {
        var x = Vector256.Create(id);
        var p = Vector256.Create(run.Prime);
        var q = MultiplyHigh(Vector256.Load(run.Quotients + j), x);
        var r = (Vector256.Load(run.Multipliers + j) * x) - (q * p);
        r = Vector256.Min(r, r - p) + Vector256.Load(run.Addends + j);
        r = Vector256.Min(r, r - p);
        return Vector256.Min(r, r - Vector256.Create(run.Range));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreUniform(Vector256<uint> hashes, int last, float divisor, float* target)
    {
        var numerators = (hashes + hashes).AsInt32() - Vector256.Create(last);
        (Vector256.ConvertToSingle(numerators) / Vector256.Create(divisor)).Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals256 Even(Vector256<uint> words) => Reals256.Of(words.AsUInt64() & Vector256.Create((ulong)uint.MaxValue));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals256 Odd(Vector256<uint> words) => Reals256.Of(words.AsUInt64() >> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(Reals256 even, Reals256 odd, float* target) =>
        Vector256.Shuffle(Vector256.Narrow(even.Value, odd.Value), Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).Store(target);

    /// <summary>The upper halves of the 64-bit products; <paramref name="x"/> is the same in every place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> MultiplyHigh(Vector256<uint> left, Vector256<uint> x)
    {
        var even = Avx2.Multiply(left, x) >> 32;
        var odd = Avx2.Multiply((left.AsUInt64() >> 32).AsUInt32(), x);
        return Vector256.ConditionalSelect(Vector256.Create((ulong)uint.MaxValue), even, odd).AsUInt32();
    }
}
