using Rectune.Core.Numerics;
using Rectune.Core.Simulation;
using Xunit;

namespace Rectune.Tests.Simulation;

public sealed class SpellsTests
{
    private const int Runs = 200_000;

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(0.7)]
    [InlineData(1.0)]
    public void Luck_OverManySpells_IsUniform(double persistence)
    {
        // A millisecond apart there would be too few of the longest spells to judge by.
        double[] luck = [.. Drawn(persistence, gapNs: 5_000_000_000).Order()];

        var furthest = luck.Select((u, i) => Math.Abs(u - ((i + 0.5) / luck.Length))).Max();

        Assert.InRange(luck[0], 0, 0.001);
        Assert.InRange(luck[^1], 0.999, 1);

        // Kolmogorov–Smirnov: beyond 1.95 over the root of the number in one case of a thousand, and the tables' own error.
        Assert.InRange(furthest, 0, (1.95 / Math.Sqrt(Runs)) + 0.0005);
    }

    [Theory]
    [InlineData(1_000, 0.70)]
    [InlineData(50_000_000, 0.43)]
    [InlineData(500_000_000, 0.233)]
    [InlineData(2_000_000_000, 0.058)]
    [InlineData(5_000_000_000, 0)]
    public void Luck_RunsApart_CorrelatesAsSpellsOverlap(long gapNs, double expected)
    {
        // Pairs a gap apart, far from each other: (1 − gap/length) of the pairs share a spell of each length.
        var spells = new Spells();
        var own = new SplitMix64(3);
        var sum = 0.0;
        spells.Begin(7);
        for (var i = 0; i < Runs; i++)
        {
            var start = (i * 20_000_000_000L) + own.NextInt64(3_000_000_000);
            sum += NormalScores.Of(spells.Luck(start, own.NextDouble(), 0.7)) * NormalScores.Of(spells.Luck(start + gapNs, own.NextDouble(), 0.7));
        }

        Assert.InRange(sum / Runs, expected - 0.015, expected + 0.015);
    }

    [Fact]
    public void Luck_WithoutPersistence_IsTheRunsOwn()
    {
        var spells = new Spells();
        spells.Begin(1);

        Assert.Equal(0.123456, spells.Luck(5, 0.123456, 0));
    }

    [Fact]
    public void Luck_SameSeed_MeetsTheSameSpellsWhateverWasAskedBefore()
    {
        var often = new Spells();
        var once = new Spells();
        often.Begin(9);
        once.Begin(9);
        for (var ns = 0L; ns < 4_000_000_000; ns += 7_000_000)
        {
            often.Luck(ns, 0.5, 0.9);
        }

        Assert.Equal(once.Luck(4_100_000_000, 0.25, 0.9), often.Luck(4_100_000_000, 0.25, 0.9));
    }

    private static IEnumerable<double> Drawn(double persistence, long gapNs)
    {
        var spells = new Spells();
        var own = new SplitMix64(11);
        spells.Begin(5);
        for (var i = 0; i < Runs; i++)
        {
            yield return spells.Luck(i * gapNs, own.NextDouble(), persistence);
        }
    }
}
