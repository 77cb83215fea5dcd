using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Rectune.Core.Domain;
using Rectune.Core.Models;

namespace Rectune.Engine.Kernels;

/// <summary>
/// Deep Hash Embedding's input layer: every id becomes the k real numbers that <see cref="DheHashes"/> and <see cref="DheEncoding"/> define, exact in its hashes.
/// Allocates nothing, keeps no state, safe from any number of threads; every implementation gives the same bits.
/// </summary>
public sealed unsafe class DheEncoder
{
    /// <summary>Best first. A name stands for its vector width and the narrower ones, used for few hashes.</summary>
    private static readonly (string Name, bool IsSupported, int Width)[] Table =
    [
        // IsHardwareAccelerated is false where the runtime knows that wide vectors lower the clock.
        ("avx512", Avx512F.IsSupported && Vector512.IsHardwareAccelerated, HashLanes512.Width),
        ("avx2", Avx2.IsSupported, HashLanes256.Width),
        ("vector128", Sse2.IsSupported || AdvSimd.Arm64.IsSupported, HashLanes128.Width),
        ("scalar", true, 1),
    ];

    private readonly int width;

    /// <param name="implementation">One of <see cref="Implementations"/>; null takes the first.</param>
    /// <exception cref="InvalidInputException">This processor does not have the implementation.</exception>
    public DheEncoder(string? implementation = null)
    {
        Implementation = implementation ?? Implementations[0];
        var index = Array.FindIndex(Table, entry => entry.IsSupported && entry.Name == Implementation);
        if (index < 0)
        {
            throw new InvalidInputException(
                "hashing kernel", $"found '{Implementation}', expected one that this processor has: {string.Join(", ", Implementations)}");
        }

        width = Table[index].Width;
    }

    /// <summary>Names of what this processor can run, best first.</summary>
    public static IReadOnlyList<string> Implementations { get; } = [.. Table.Where(entry => entry.IsSupported).Select(entry => entry.Name)];

    public string Implementation { get; }

    /// <summary>Encodes every id with all k hashes of its feature.</summary>
    /// <param name="ids"><c>[ids]</c>, at least 0. They are trusted: a negative one gives numbers without meaning, not an error.</param>
    /// <param name="destination"><c>[ids, k]</c>: in [−1, 1] for uniform, within 10⁻⁶ of the formula for gaussian.</param>
    /// <exception cref="InvalidInputException">An odd number of hashes, which Box–Muller cannot pair.</exception>
    public void Encode(DheHashes hashes, DheEncoding encoding, ReadOnlySpan<int> ids, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, (long)ids.Length * hashes.Count, nameof(destination));
        if (encoding == DheEncoding.Gaussian && hashes.Count % 2 != 0)
        {
            throw new InvalidInputException("DHE hash count", $"found {hashes.Count}, expected an even number for the gaussian encoding");
        }

        fixed (uint* multipliers = hashes.Multipliers, quotients = hashes.Quotients, addends = hashes.Addends)
        fixed (int* first = ids)
        fixed (float* target = destination)
        {
            var run = new HashRun
            {
                Multipliers = multipliers,
                Quotients = quotients,
                Addends = addends,
                Count = hashes.Count,
                Prime = (uint)hashes.Prime,
                Range = (uint)hashes.Range,
            };
            if (encoding == DheEncoding.Uniform)
            {
                EncodeUniform(run, first, ids.Length, target);
            }
            else
            {
                EncodeGaussian(run, first, ids.Length, target);
            }
        }
    }

    private void EncodeUniform(in HashRun run, int* ids, int count, float* target)
    {
        var lanes = Math.Min(width, run.Count);
        if (lanes >= HashLanes512.Width)
        {
            DheHashing<HashLanes512, Vector512<uint>, Reals512>.EncodeUniform(run, ids, count, target);
        }
        else if (lanes >= HashLanes256.Width)
        {
            DheHashing<HashLanes256, Vector256<uint>, Reals256>.EncodeUniform(run, ids, count, target);
        }
        else if (lanes >= HashLanes128.Width)
        {
            DheHashing<HashLanes128, Vector128<uint>, Reals128>.EncodeUniform(run, ids, count, target);
        }
        else
        {
            ScalarDheHashing.EncodeUniform(run, ids, count, target);
        }
    }

    private void EncodeGaussian(in HashRun run, int* ids, int count, float* target)
    {
        var lanes = Math.Min(width, run.Count);
        if (lanes >= HashLanes512.Width)
        {
            DheHashing<HashLanes512, Vector512<uint>, Reals512>.EncodeGaussian(run, ids, count, target);
        }
        else if (lanes >= HashLanes256.Width)
        {
            DheHashing<HashLanes256, Vector256<uint>, Reals256>.EncodeGaussian(run, ids, count, target);
        }
        else if (lanes >= HashLanes128.Width)
        {
            DheHashing<HashLanes128, Vector128<uint>, Reals128>.EncodeGaussian(run, ids, count, target);
        }
        else
        {
            ScalarDheHashing.EncodeGaussian(run, ids, count, target);
        }
    }
}
