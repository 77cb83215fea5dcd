using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Engine.Kernels;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Kernels;

public sealed class PoolingTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Pool_EveryKindOfSlot_GivesTheBitsOfOneThread(int threads)
    {
        foreach (var precision in TablePrecisions.All)
        {
            using var tables = SlotReference.Tables(precision);
            var source = SlotReference.Batch(200);
            var kernel = new PooledEmbeddings();
            using var team = new PoolingTeam(kernel, threads);
            foreach (var (start, count) in new[] { (0, 200), (3, 101), (190, 10), (199, 1), (5, 0) })
            {
                AssertSame(team, kernel, tables, source, start, count);
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Pool_RandomShapes_GivesTheBitsOfOneThread(int threads)
    {
        var generator = new SplitMix64(77);
        var kernel = new PooledEmbeddings();
        using var team = new PoolingTeam(kernel, threads);
        for (var round = 0; round < 60; round++)
        {
            var samples = 1 + (int)generator.NextInt64(round % 3 == 0 ? 3000 : 40);
            var slots = new TableSlot[1 + (int)generator.NextInt64(6)];
            var columns = new SparseColumn[slots.Length];
            var width = 0;
            for (var table = 0; table < slots.Length; table++)
            {
                var rows = 1 + (int)generator.NextInt64(500);
                slots[table] = new TableSlot
                {
                    Feature = table,
                    Rows = rows,
                    Dim = 1 + (int)generator.NextInt64(70),
                    Steps = (int)generator.NextInt64(3),
                    Target = width,
                };
                width += slots[table].Width;
                columns[table] = Column(ref generator, samples, rows, ragged: generator.NextInt64(2) == 0);
            }

            using var tables = new EmbeddingTables(slots, width, TablePrecisions.All[round % TablePrecisions.All.Count]);
            tables.Fill(SlotReference.Noise, 1, null, CancellationToken.None);
            AssertSame(team, kernel, tables, new FeatureBatch(samples, [], columns), 0, samples);
        }
    }

    [Fact]
    public void Pool_BadOffsetsInTheMiddle_SurfacesAndTheTeamGoesOn()
    {
        using var tables = EmbeddingTables.ForFeatures([SmallCards.Feature("a", 100, 64)], TablePrecision.Fp32);
        tables.Fill(SlotReference.Noise, 1, null, CancellationToken.None);
        var kernel = new PooledEmbeddings();
        using var team = new PoolingTeam(kernel, 3);
        var output = new float[2000 * 64];
        var offsets = Enumerable.Range(0, 2001).ToArray();
        var bad = offsets.ToArray();
        bad[1000] = 1002;
        Assert.Throws<ArgumentException>(() => team.Pool(tables, new FeatureBatch(2000, [], [new SparseColumn(new int[2000], bad)]), 0, 2000, output));
        Assert.Throws<ArgumentException>(() => team.Pool(tables, new FeatureBatch(2000, [], [new SparseColumn(new int[2000], bad[..1500])]), 0, 2000, output));
        AssertSame(team, kernel, tables, new FeatureBatch(2000, [], [new SparseColumn(new int[2000], offsets)]), 0, 2000);
    }

    [Fact]
    public void Pool_ShortDestination_Refuses()
    {
        using var tables = EmbeddingTables.ForFeatures([SmallCards.Feature("a", 10, 4)], TablePrecision.Fp32);
        using var team = new PoolingTeam(new PooledEmbeddings(), 2);
        var source = new FeatureBatch(2, [], [new SparseColumn([1, 2], null)]);
        Assert.Throws<ArgumentOutOfRangeException>(() => team.Pool(tables, source, 0, 2, new float[7]));
    }

    [Fact]
    public void Pool_Repeated_AllocatesNothing()
    {
        using var tables = SlotReference.Tables(TablePrecision.Int8);
        var source = SlotReference.Batch(100);
        using var team = new PoolingTeam(new PooledEmbeddings(), 2);
        var output = new float[100 * tables.Width];
        Assert.Equal(0, Allocation.Of(() =>
        {
            team.Pool(tables, source, 0, 100, output);
            team.Pool(tables, source, 0, 1, output);
        }));
    }

    private static void AssertSame(PoolingTeam team, PooledEmbeddings kernel, EmbeddingTables tables, FeatureBatch source, int start, int count)
    {
        var expected = new float[(count * tables.Width) + 16];
        var actual = new float[expected.Length];
        Array.Fill(expected, SlotReference.Untouched);
        Array.Fill(actual, SlotReference.Untouched);
        kernel.Pool(tables, source, start, count, expected);
        team.Pool(tables, source, start, count, actual);
        Assert.True(expected.AsSpan().SequenceEqual(actual), $"{tables.Precision}, samples {start} + {count}");
    }

    private static SparseColumn Column(ref SplitMix64 generator, int samples, int rows, bool ragged)
    {
        var bag = 1 + (int)generator.NextInt64(4);
        var offsets = new int[samples + 1];
        for (var sample = 0; sample < samples; sample++)
        {
            offsets[sample + 1] = offsets[sample] + (ragged ? (int)generator.NextInt64(2 * bag) : bag);
        }

        var ids = new int[offsets[^1]];
        foreach (ref var id in ids.AsSpan())
        {
            id = (int)generator.NextInt64(rows);
        }

        return new SparseColumn(ids, ragged ? offsets : null);
    }
}
