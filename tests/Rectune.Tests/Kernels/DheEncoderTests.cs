using System.Numerics;
using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Numerics;
using Rectune.Engine.Kernels;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Kernels;

public sealed class DheEncoderTests
{
    /// <summary>The smallest, powers of two, primes, the usual one and the largest.</summary>
    private static readonly int[] Ranges = [2, 3, 4, 10, 1009, 65_536, 1_000_000, 8_388_608, DheHashes.LargestRange - 1, DheHashes.LargestRange];

    public static TheoryData<string> Implementations() => [.. DheEncoder.Implementations];

    /// <summary>The uniform encoding is one-to-one in the hash, so the hash can be read back from it and held against big integers.</summary>
    [Theory]
    [MemberData(nameof(Implementations))]
    public void Encode_AnyIdAndRange_HashesAsBigIntegersDo(string implementation)
    {
        var ids = Ids(200);
        foreach (var range in Ranges)
        {
            var hashes = EdgesAndRandom(range, 70);
            var encoded = Encode(implementation, hashes, DheEncoding.Uniform, ids);
            for (var i = 0; i < ids.Length; i++)
            {
                for (var j = 0; j < hashes.Count; j++)
                {
                    var expected = ((hashes.Multipliers[j] * (BigInteger)ids[i]) + hashes.Addends[j]) % hashes.Prime % range;
                    var found = Math.Round((encoded[(i * hashes.Count) + j] + 1.0) / 2 * (range - 1));
                    Assert.True((double)expected == found, $"m = {range}, id {ids[i]}, hash {j}: expected {expected}, found {found}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void Encode_Uniform_EqualsTheFormula(string implementation)
    {
        var ids = Ids(100);
        foreach (var range in Ranges)
        {
            var hashes = DheHashes.Draw("C1", 64, 3, range);
            var encoded = Encode(implementation, hashes, DheEncoding.Uniform, ids);
            for (var at = 0; at < encoded.Length; at++)
            {
                var hash = hashes.Hash(at % hashes.Count, ids[at / hashes.Count]);
                Assert.Equal((2.0 * hash / (range - 1)) - 1, encoded[at], 6e-8);
                Assert.InRange(encoded[at], -1f, 1f);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void Encode_Gaussian_EqualsTheFormulaInDoublePrecision(string implementation)
    {
        var ids = Ids(500);
        foreach (var range in Ranges)
        {
            CheckGaussian(implementation, DheHashes.Draw("C1", 64, 3, range), ids);
        }
    }

    /// <summary>a = 1 and b = 0 make id x hash to x: every u of a range, the least and the greatest included, on both sides of a pair.</summary>
    [Theory]
    [MemberData(nameof(Implementations))]
    public void Encode_GaussianOfEveryHash_EqualsTheFormula(string implementation)
    {
        const int range = 30_000;
        var shifted = Enumerable.Range(0, 32).Select(j => (uint)(j * 937)).ToArray();
        CheckGaussian(implementation, new DheHashes(range, [.. shifted.Select(_ => 1u)], shifted), [.. Enumerable.Range(0, range)]);
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void Encode_GaussianNearCertainty_KeepsTheSmallRadius(string implementation)
    {
        // u₁ from 1 − 40/m up to 1, where ln u₁ of an fp32 u₁ would be off by half its size.
        foreach (var range in Ranges.Where(range => range > 100))
        {
            CheckGaussian(
                implementation, new DheHashes(range, [1, 1, 1, 1, 1, 1, 1, 1], [0, 0, 0, 9, 0, 33, 0, 50]), [.. Enumerable.Range(range - 40, 40)]);
        }
    }

    /// <summary>200,000 values: five standard errors are 0.011 of the mean, 0.016 of the variance and 0.055 of the fourth moment.</summary>
    [Fact]
    public void Encode_Gaussian_IsStandardNormal()
    {
        var encoded = Encode(DheEncoder.Implementations[0], DheHashes.Draw("C1", 200, 4), DheEncoding.Gaussian, Ids(1000));
        Assert.InRange(encoded.Average(z => (double)z), -0.012, 0.012);
        Assert.InRange(encoded.Average(z => (double)z * z), 0.983, 1.017);
        Assert.InRange(encoded.Average(z => Math.Pow(z, 4)), 2.88, 3.12);
    }

    /// <summary>Widths agree bit for bit for every number of hashes: narrower than a vector, exact vectors, overlapping last vectors.</summary>
    [Theory]
    [MemberData(nameof(Implementations))]
    public void Encode_AnyCount_EqualsScalarInEveryBit(string implementation)
    {
        var ids = Ids(30);
        foreach (var range in Ranges)
        {
            for (var count = 1; count <= 50; count++)
            {
                var hashes = DheHashes.Draw("C1", count, 7, range);
                Assert.Equal(Encode("scalar", hashes, DheEncoding.Uniform, ids), Encode(implementation, hashes, DheEncoding.Uniform, ids));
                if (count % 2 == 0)
                {
                    Assert.Equal(Bits(Encode("scalar", hashes, DheEncoding.Gaussian, ids)), Bits(Encode(implementation, hashes, DheEncoding.Gaussian, ids)));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void Encode_LongerDestination_LeavesTheRest(string implementation)
    {
        foreach (var encoding in Enum.GetValues<DheEncoding>())
        {
            var target = Enumerable.Repeat(12345f, (3 * 18) + 20).ToArray();
            new DheEncoder(implementation).Encode(DheHashes.Draw("C1", 18, 1), encoding, [1, 2, 3], target);
            Assert.DoesNotContain(12345f, target[..54]);
            Assert.All(target[54..], value => Assert.Equal(12345f, value));
        }
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void Encode_Repeated_AllocatesNothing(string implementation)
    {
        var encoder = new DheEncoder(implementation);
        var hashes = DheHashes.Draw("C1", 64, 1);
        var ids = Ids(20);
        var target = new float[ids.Length * hashes.Count];
        foreach (var encoding in Enum.GetValues<DheEncoding>())
        {
            Assert.Equal(0, Allocation.Of(() =>
            {
                for (var i = 0; i < 100; i++)
                {
                    encoder.Encode(hashes, encoding, ids, target);
                }
            }));
        }
    }

    [Fact]
    public void Encode_NoIds_WritesNothing() => new DheEncoder().Encode(DheHashes.Draw("C1", 8, 1), DheEncoding.Gaussian, [], []);

    [Fact]
    public void Encode_ShortDestination_Refuses() => Assert.Throws<ArgumentOutOfRangeException>(
        () => new DheEncoder().Encode(DheHashes.Draw("C1", 8, 1), DheEncoding.Uniform, [1, 2], new float[15]));

    [Fact]
    public void Encode_GaussianOfOddCount_SaysWhatIsExpected()
    {
        var refused = Assert.Throws<InvalidInputException>(
            () => new DheEncoder().Encode(DheHashes.Draw("C1", 7, 1), DheEncoding.Gaussian, [1], new float[7]));
        Assert.Contains("found 7, expected an even number", refused.Message);
    }

    [Fact]
    public void Implementations_EndWithScalarAndFirstIsDefault()
    {
        Assert.Equal("scalar", DheEncoder.Implementations[^1]);
        Assert.Equal(DheEncoder.Implementations[0], new DheEncoder().Implementation);
    }

    [Fact]
    public void Constructor_UnknownImplementation_NamesTheOnesPresent()
    {
        var refused = Assert.Throws<InvalidInputException>(() => new DheEncoder("mmx"));
        Assert.Contains("found 'mmx'", refused.Message);
        Assert.Contains("scalar", refused.Message);
    }

    private static float[] Encode(string implementation, DheHashes hashes, DheEncoding encoding, int[] ids)
    {
        var encoded = new float[ids.Length * hashes.Count];
        new DheEncoder(implementation).Encode(hashes, encoding, ids, encoded);
        return encoded;
    }

    private static void CheckGaussian(string implementation, DheHashes hashes, int[] ids)
    {
        var encoded = Encode(implementation, hashes, DheEncoding.Gaussian, ids);
        for (var at = 0; at < encoded.Length; at += 2)
        {
            var j = at % hashes.Count;
            var id = ids[at / hashes.Count];
            var (n1, n2) = (hashes.Hash(j, id) + 1.0, hashes.Hash(j + 1, id) + 1.0);
            // ln (1 − x) from x itself keeps the reference exact where u₁ is close to 1.
            var log = n1 > hashes.Range / 2.0 ? LogOfOneLess((hashes.Range - n1) / hashes.Range) : Math.Log(n1 / hashes.Range);
            var (sine, cosine) = Math.SinCos(2 * Math.PI * n2 / hashes.Range);
            Assert.Equal(Math.Sqrt(-2 * log) * cosine, encoded[at], 1e-6);
            Assert.Equal(Math.Sqrt(-2 * log) * sine, encoded[at + 1], 1e-6);
        }
    }

    /// <summary>ln (1 − x) = −2 artanh(x / (2 − x)).</summary>
    private static double LogOfOneLess(double x) => -2 * Math.Atanh(x / (2 - x));

    private static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);

    /// <summary>The ends of the 31 bits, neighbours of the primes and of their multiples, then random ids.</summary>
    private static int[] Ids(int count)
    {
        int[] edges =
        [
            0, 1, 2, 3, 1_000_002, 1_000_003, 1_000_004, 16_777_215, 16_777_216, 16_777_258, 16_777_259, 2_000_006, 2_147_006_441, 1 << 30,
            int.MaxValue - 1, int.MaxValue,
        ];
        var random = new SplitMix64(11);
        return [.. edges, .. Enumerable.Range(0, count - edges.Length).Select(_ => (int)random.NextInt64(1L << 31))];
    }

    /// <summary>All pairs of least and greatest parameters, then random ones.</summary>
    private static DheHashes EdgesAndRandom(int range, int count)
    {
        var drawn = DheHashes.Draw("C1", count - 4, 13, range);
        var largest = (uint)drawn.Prime - 1;
        return new DheHashes(range, [1, 1, largest, largest, .. drawn.Multipliers], [0, largest, 0, largest, .. drawn.Addends]);
    }
}
