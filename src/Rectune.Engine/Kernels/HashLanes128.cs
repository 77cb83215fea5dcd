using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Rectune.Engine.Kernels;

/// <summary>4 words at a time: SSE or NEON.</summary>
internal readonly unsafe struct HashLanes128 : IHashLanes<Vector128<uint>, Reals128>
{
    public static int Width => Vector128<uint>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Hash(in HashRun run, int j, uint id)
    {
        var x = Vector128.Create(id);
        var p = Vector128.Create(run.Prime);
        var q = MultiplyHigh(Vector128.Load(run.Quotients + j), x);
        var r = (Vector128.Load(run.Multipliers + j) * x) - (q * p);
        r = Vector128.Min(r, r - p) + Vector128.Load(run.Addends + j);
        r = Vector128.Min(r, r - p);
        return Vector128.Min(r, r - Vector128.Create(run.Range));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreUniform(Vector128<uint> hashes, int last, float divisor, float* target)
    {
        var numerators = (hashes + hashes).AsInt32() - Vector128.Create(last);
        (Vector128.ConvertToSingle(numerators) / Vector128.Create(divisor)).Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals128 Even(Vector128<uint> words) => Reals128.Of(words.AsUInt64() & Vector128.Create((ulong)uint.MaxValue));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Reals128 Odd(Vector128<uint> words) => Reals128.Of(words.AsUInt64() >> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(Reals128 even, Reals128 odd, float* target) =>
        Vector128.Shuffle(Vector128.Narrow(even.Value, odd.Value), Vector128.Create(0, 2, 1, 3)).Store(target);

    /// <summary>The upper halves of the 64-bit products; <paramref name="x"/> is the same in every place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> MultiplyHigh(Vector128<uint> left, Vector128<uint> x)
    {
        if (AdvSimd.Arm64.IsSupported)
        {
            var lower = AdvSimd.MultiplyWideningLower(left.GetLower(), x.GetLower()).AsUInt32();
            var upper = AdvSimd.MultiplyWideningUpper(left, x).AsUInt32();
            return AdvSimd.Arm64.UnzipOdd(lower, upper);
        }

        var even = Sse2.Multiply(left, x) >> 32;
        var odd = Sse2.Multiply((left.AsUInt64() >> 32).AsUInt32(), x);
        return Vector128.ConditionalSelect(Vector128.Create((ulong)uint.MaxValue), even, odd).AsUInt32();
    }
}
