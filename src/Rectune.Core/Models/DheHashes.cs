using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Core.Models;

/// <summary>
/// The k universal hash functions of one feature in Deep Hash Embedding (Kang et al., "Learning to Embed Categorical Features without Embedding
/// Tables", KDD 2021): h_j(x) = ((a_j·x + b_j) mod p) mod m, with p the smallest prime above m, 1 ≤ a_j &lt; p and 0 ≤ b_j &lt; p
/// (Carter and Wegman, "Universal classes of hash functions", 1979).
/// </summary>
public sealed class DheHashes
{
    /// <summary>The paper's m.</summary>
    public const int DefaultRange = 1_000_000;

    /// <summary>2²⁴: every hash is then exact in fp32.</summary>
    public const int LargestRange = 1 << 24;

    /// <summary>Keeps these streams apart from any other that is drawn from the same seed.</summary>
    private const ulong Purpose = 0x444845;

    private readonly uint[] multipliers;
    private readonly uint[] addends;
    private readonly uint[] quotients;

    /// <param name="range">m, from 2 to <see cref="LargestRange"/>.</param>
    /// <param name="multipliers"><c>[k]</c>: a_j, from 1 to p − 1.</param>
    /// <param name="addends"><c>[k]</c>: b_j, from 0 to p − 1.</param>
    /// <exception cref="InvalidInputException">A parameter is outside its limits, or there are none.</exception>
    public DheHashes(int range, ReadOnlySpan<uint> multipliers, ReadOnlySpan<uint> addends)
        : this(range, PrimeAbove(range), [.. multipliers], [.. addends])
    {
    }

    private DheHashes(int range, int prime, uint[] multipliers, uint[] addends)
    {
        if (multipliers.Length == 0 || multipliers.Length != addends.Length)
        {
            throw new InvalidInputException(
                "DHE hashes", $"found {multipliers.Length} multipliers and {addends.Length} addends, expected as many of both and at least 1");
        }

        for (var j = 0; j < multipliers.Length; j++)
        {
            if (multipliers[j] < 1 || multipliers[j] >= prime || addends[j] >= prime)
            {
                throw new InvalidInputException(
                    "DHE hashes",
                    $"found a = {multipliers[j]} and b = {addends[j]} in hash {j}, expected 1 to {prime - 1} and 0 to {prime - 1}",
                    "Draw the parameters below the smallest prime above the hash range.");
            }
        }

        (Range, Prime) = (range, prime);
        (this.multipliers, this.addends) = (multipliers, addends);
        quotients = Array.ConvertAll(multipliers, a => (uint)(((ulong)a << 32) / (ulong)prime));
    }

    /// <summary>k, the number of hashes an id gets.</summary>
    public int Count => multipliers.Length;

    /// <summary>m: hashes run from 0 to m − 1.</summary>
    public int Range { get; }

    /// <summary>p, the smallest prime above <see cref="Range"/>.</summary>
    public int Prime { get; }

    /// <summary><c>[k]</c>: a_j.</summary>
    public ReadOnlySpan<uint> Multipliers => multipliers;

    /// <summary><c>[k]</c>: b_j.</summary>
    public ReadOnlySpan<uint> Addends => addends;

    /// <summary><c>[k]</c>: ⌊a_j · 2³² / p⌋, with which a_j·x mod p needs no division (Harvey, "Faster arithmetic for number-theoretic transforms", 2014).</summary>
    public ReadOnlySpan<uint> Quotients => quotients;

    /// <summary>Draws the hashes of one feature. They follow from the seed and the feature's name, so reordering features changes nothing.</summary>
    /// <param name="feature">The feature's name in its card.</param>
    /// <param name="count">k, at least 1.</param>
    /// <param name="seed">The model's seed.</param>
    /// <param name="range">m, from 2 to <see cref="LargestRange"/>.</param>
    /// <exception cref="InvalidInputException">The range or the count is outside its limits.</exception>
    public static DheHashes Draw(string feature, int count, ulong seed, int range = DefaultRange)
    {
        if (count < 1)
        {
            throw new InvalidInputException("DHE hash count", $"found {count}, expected at least 1");
        }

        var random = SplitMix64.For(seed, Purpose, StableHash.Of(feature));
        var prime = PrimeAbove(range);
        var factors = new uint[count];
        var terms = new uint[count];
        for (var j = 0; j < count; j++)
        {
            factors[j] = 1 + (uint)random.NextInt64(prime - 1);
            terms[j] = (uint)random.NextInt64(prime);
        }

        return new DheHashes(range, prime, factors, terms);
    }

    /// <summary>h_j(<paramref name="id"/>), as the formula says it: the definition that every kernel has to meet.</summary>
    /// <param name="j">Which hash, from 0 to k − 1.</param>
    /// <param name="id">At least 0.</param>
    public int Hash(int j, int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        return (int)((((ulong)multipliers[j] * (ulong)id) + addends[j]) % (ulong)Prime % (ulong)Range);
    }

    private static int PrimeAbove(int range)
    {
        if (range is < 2 or > LargestRange)
        {
            throw new InvalidInputException(
                "DHE hash range", $"found {range}, expected 2 to {LargestRange}", $"The usual range is {DefaultRange}.");
        }

        var candidate = range + 1;
        while (!IsPrime(candidate))
        {
            candidate++;
        }

        return candidate;
    }

    /// <summary>By trial division: at most 4096 steps for the largest range.</summary>
    private static bool IsPrime(int candidate)
    {
        for (var divisor = 2; divisor * divisor <= candidate; divisor++)
        {
            if (candidate % divisor == 0)
            {
                return false;
            }
        }

        return true;
    }
}
