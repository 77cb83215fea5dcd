namespace Rectune.Core.Numerics;

/// <summary>
/// A small seeded generator whose sequence is ours to promise: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014, section 4).
/// Not safe for concurrent use; a copy continues independently.
/// </summary>
public struct SplitMix64
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    private ulong state;

    public SplitMix64(ulong seed) => state = seed;

    /// <summary>A generator whose stream depends on every part, for one stream per purpose from a single recorded seed.</summary>
    public static SplitMix64 For(ulong seed, ulong purpose, ulong index = 0) =>
        new(Mix(Mix(Mix(seed + Gamma) ^ (purpose + Gamma)) ^ (index * Gamma)));

    /// <summary>The output function alone: a bijection on 64 bits that serves as a counter-based generator and as a hash.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    public ulong NextUInt64()
    {
        state += Gamma;
        return Mix(state);
    }

    /// <summary>Uniform in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in (0, 1]: safe under a logarithm.</summary>
    public double NextPositiveDouble() => ((NextUInt64() >> 11) + 1) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="exclusiveMaximum"/>) by multiply-high; the bias is below 2⁻³² for ranges under 2³².</summary>
    public long NextInt64(long exclusiveMaximum)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMaximum);
        return (long)Math.BigMul(NextUInt64(), (ulong)exclusiveMaximum, out _);
    }

    /// <summary>Exponential with mean 1, by inversion.</summary>
    public double NextExponential() => -Math.Log(NextPositiveDouble());

    /// <summary>Standard normal, by Box–Muller (one of the pair is used).</summary>
    public double NextNormal() =>
        Math.Sqrt(-2 * Math.Log(NextPositiveDouble())) * Math.Cos(2 * Math.PI * NextDouble());
}
