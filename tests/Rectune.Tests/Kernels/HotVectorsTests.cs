using Rectune.Core.Numerics;
using Rectune.Core.Representations;
using Rectune.Engine.Kernels;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Kernels;

public sealed class HotVectorsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(1000, 1000)]
    [InlineData(1000, 1_000_000)]
    [InlineData(20_000, int.MaxValue)]
    public void Find_AnyIds_EqualsADictionary(int count, int rows)
    {
        var random = new SplitMix64((ulong)count);
        var ids = Distinct(ref random, count, rows);
        using var hot = new HotVectors([(4, [7]), (12, ids), (3, []), (16, Distinct(ref random, count, rows))]);
        var known = ids.Select((id, number) => (id, number)).ToDictionary(pair => pair.id, pair => pair.number);
        int[] asked = [.. ids, .. Enumerable.Range(0, 5000).Select(_ => (int)random.NextInt64(rows)), 0, rows - 1];
        var numbers = new int[asked.Length];
        hot.Find(1, asked, numbers);
        Assert.All(asked, (id, i) => Assert.Equal(known.GetValueOrDefault(id, HotVectors.Absent), numbers[i]));
        hot.Find(2, asked, numbers);
        Assert.All(numbers, number => Assert.Equal(HotVectors.Absent, number));
        Assert.Equal(ids, hot.Ids(1));
        Assert.Equal((count, 0), (hot.Count(1), hot.Count(2)));
    }

    [Fact]
    public void Vectors_EveryTable_KeepsItsOwn()
    {
        var random = new SplitMix64(2);
        (int Dim, int[] Ids)[] contents = [(3, Distinct(ref random, 40, 100)), (16, Distinct(ref random, 7, 9)), (1, Distinct(ref random, 100, 5000))];
        using var hot = new HotVectors(contents);
        for (var table = 0; table < contents.Length; table++)
        {
            for (var number = 0; number < contents[table].Ids.Length; number++)
            {
                hot.Vectors(table, number, 1).Fill((1000 * table) + number);
            }
        }

        var found = new int[1];
        for (var table = 0; table < contents.Length; table++)
        {
            foreach (var (id, number) in contents[table].Ids.Select((id, number) => (id, number)))
            {
                hot.Find(table, [id], found);
                Assert.Equal(Enumerable.Repeat((1000f * table) + number, contents[table].Dim), hot.Vector(table, found[0]).ToArray());
            }
        }
    }

    /// <summary>What a plan counts on.</summary>
    [Fact]
    public void Bytes_AnyContents_AreWithinThePlans()
    {
        var random = new SplitMix64(4);
        for (var i = 0; i < 50; i++)
        {
            (int Dim, int[] Ids)[] contents = [.. Enumerable.Range(0, 1 + (int)random.NextInt64(9)).Select(_ => (1 + (int)random.NextInt64(70), Distinct(ref random, (int)random.NextInt64(90), 1000)))];
            using var hot = new HotVectors(contents);
            Assert.InRange(hot.Bytes, 0, contents.Sum(table => VectorCachePlan.BytesPerTable + (table.Ids.Length * VectorCachePlan.EntryBytes(table.Dim))));
        }
    }

    [Fact]
    public void Constructor_AnIdTwice_Refuses() => Assert.Throws<ArgumentException>(() => new HotVectors([(4, [1, 5, 1])]));

    [Fact]
    public void Vectors_BeyondTheLast_AreRefused()
    {
        using var hot = new HotVectors([(4, [1, 5])]);
        Assert.Throws<ArgumentOutOfRangeException>(() => hot.Vectors(0, 1, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => hot.Vector(0, -1).Length);
    }

    [Fact]
    public void Find_AllocatesNothing()
    {
        var random = new SplitMix64(3);
        using var hot = new HotVectors([(4, Distinct(ref random, 100, 1000))]);
        int[] ids = [.. Enumerable.Range(0, 300)];
        var numbers = new int[300];
        Assert.Equal(0, Allocation.Of(() => hot.Find(0, ids, numbers)));
    }

    private static int[] Distinct(ref SplitMix64 random, int count, int rows)
    {
        var ids = new HashSet<int>();
        while (ids.Count < count)
        {
            ids.Add((int)random.NextInt64(rows));
        }

        return [.. ids];
    }
}
