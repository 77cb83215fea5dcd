using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Numerics;
using Rectune.Engine.Sessions;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Sessions;

/// <summary>What must hold for every representation alike, whatever its vectors are.</summary>
public sealed class RepresentedPathTests
{
    private const int Samples = 150;

    /// <summary>Every representation with a card; what decodes has up to 600 ids of a feature in a batch, so several chunks of 256.</summary>
    public static TheoryData<string, string> Paths => new()
    {
        { "bags", "table" },
        { "bags", "dhe(k=32,decoder=12)" },
        { "bags", "dhe(k=32,decoder=12-6,encoding=gaussian,activation=mish,norm=batch)" },
        { "steps", "dhe(k=32,decoder=12)" },
        { "bags", "select(rows=1000,k=32,decoder=12)" },
        { "steps", "select(features=item,k=32,decoder=12)" },
        { "dot", "hybrid(k=32,decoder=12)" },
        { "bags", "materialized(k=32,decoder=12)" },
        { "bags", "qr" },
        { "steps", "qr(above=0)" },
        { "bags", "tt(rank=4,above=200)" },
        { "steps", "tt(rank=4,above=0)" },
    };

    [Theory]
    [MemberData(nameof(Paths))]
    public void Score_SplitIntoParts_ChangesNothing(string name, string representation)
    {
        var card = RepresentationCards.Of(name);
        var pool = RepresentationCards.Pool(card, Samples);
        using var run = new RepresentationRun(card, representation, Samples);
        var whole = run.Scores(pool, (0, Samples));
        AssertNear(whole, run.Scores(pool, (0, 1), (1, 99), (100, 3), (103, 47)));
        AssertNear(whole[(40 * 3)..(43 * 3)], run.Scores(pool, (40, 3)));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Score_PermutedSamples_ArePermutedScores(string name, string representation)
    {
        var card = RepresentationCards.Of(name);
        var pool = RepresentationCards.Pool(card, Samples);
        using var run = new RepresentationRun(card, representation, Samples);
        var whole = run.Scores(pool, (0, Samples));
        var order = Enumerable.Range(0, Samples).ToArray();
        var random = new SplitMix64(9);
        for (var i = Samples - 1; i > 0; i--)
        {
            var j = (int)random.NextInt64(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        float[] expected = [.. order.SelectMany(sample => whole[(sample * 3)..((sample + 1) * 3)])];
        AssertNear(expected, run.Scores(pool, [.. order.Select(sample => (sample, 1))]));
    }

    /// <summary>Bags of 255, 256, 257 and 513 ids: one less than a chunk, a whole one, one more, and two and one.</summary>
    [Theory]
    [MemberData(nameof(Paths))]
    public void Score_BagsAtTheBordersOfChunks_AreSumsOfSmallOnes(string name, string representation)
    {
        int[] sizes = [255, 256, 257, 513, 0, 1];
        var card = RepresentationCards.Of(name);
        var column = card.Sparse.ToList().FindIndex(f => f.Name == (name == "steps" ? "user" : "ragged"));
        var ids = RepresentationCards.Pool(card, sizes.Length, 5);
        var random = new SplitMix64(8);
        var offsets = new int[sizes.Length + 1];
        for (var i = 0; i < sizes.Length; i++)
        {
            offsets[i + 1] = offsets[i] + sizes[i];
        }

        int[] drawn = [.. Enumerable.Range(0, offsets[^1]).Select(_ => (int)random.NextInt64(card.Sparse[column].Rows))];
        var columns = ids.Columns.ToArray();
        columns[column] = new SparseColumn(drawn, offsets);
        using var run = new RepresentationRun(card, representation, Samples);
        var scores = run.Scores(new FeatureBatch(sizes.Length, ids.Dense, columns), (0, sizes.Length));

        // One sample a run: chunks then begin elsewhere.
        for (var i = 0; i < sizes.Length; i++)
        {
            AssertNear(scores[(i * 3)..((i + 1) * 3)], run.Scores(new FeatureBatch(sizes.Length, ids.Dense, columns), (i, 1)));
        }

        if (name != "bags")
        {
            return;
        }

        // Scores are linear there: a bag of n ids is n bags of one, less the score of n − 1 empty ones.
        columns[column] = new SparseColumn(drawn[..256], [.. Enumerable.Range(0, 257)]);
        var singles = Alike(ids, columns, column, 256);
        var each = new double[3];
        for (var done = 0; done < 255; done += 85)
        {
            var part = run.Scores(singles, (done, 85));
            for (var i = 0; i < part.Length; i++)
            {
                each[i % 3] += part[i];
            }
        }

        columns[column] = new SparseColumn([], new int[257]);
        var empty = run.Scores(Alike(ids, columns, column, 256), (0, 1));
        Assert.All(each, (sum, output) => Assert.Equal(sum - (254.0 * empty[output]), scores[output], 2e-3));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Run_SteadyState_AllocatesNothing(string name, string representation)
    {
        var card = RepresentationCards.Of(name);
        var pool = RepresentationCards.Pool(card, Samples);
        using var run = new RepresentationRun(card, representation, Samples);
        Assert.Equal(0, Allocation.Of(() => Loop(run.Instance, pool)));
    }

    /// <summary>
    /// Scores are linear in the vectors: an element that is off by e moves a score by at most |w|·e. An fp16 element is off by 2⁻¹¹ of itself, one of 8 bits by half a
    /// step of 2·limit / 255, one of 4 bits by half a step of 2·limit / 15 and the rounding of an fp16 scale and bias.
    /// </summary>
    [Theory]
    [InlineData("table", TablePrecision.Fp16)]
    [InlineData("table", TablePrecision.Int8)]
    [InlineData("table", TablePrecision.Int4)]
    [InlineData("qr(above=0)", TablePrecision.Fp16)]
    [InlineData("qr(above=0)", TablePrecision.Int8)]
    [InlineData("qr(above=0)", TablePrecision.Int4)]
    public void Score_RoundedRows_StaysWithinTheirBound(string representation, TablePrecision precision)
    {
        var card = RepresentationCards.Bags();
        var pool = RepresentationCards.Pool(card, Samples);
        using var full = new RepresentationRun(card, representation, Samples);
        using var rounded = new RepresentationRun(card, representation, Samples, precision);
        var expected = full.Scores(pool, (0, Samples));
        var found = rounded.Scores(pool, (0, Samples));
        var width = 8 + card.Sparse.Sum(f => f.Dim);
        var weights = new RandomParameters(RepresentationRun.Seed).Values(new LinearShape("top.0", width, 3).Weight);
        for (var i = 0; i < expected.Length; i++)
        {
            var bound = 1e-6;
            var at = (i % 3 * width) + 8;
            for (var feature = 0; feature < card.Sparse.Count; feature++)
            {
                var (ids, offsets) = pool.Columns[feature];
                var bag = offsets is null ? ids.Length / Samples : offsets[(i / 3) + 1] - offsets[i / 3];
                var dim = card.Sparse[feature].Dim;
                bound += bag * weights.AsSpan(at, dim).ToArray().Sum(w => Math.Abs((double)w)) * ElementBound(representation, precision, card.Sparse[feature].Rows);
                at += dim;
            }

            Assert.InRange(Math.Abs(expected[i] - found[i]), 0, bound);
        }

        Assert.NotEqual(expected, found);
    }

    [Fact]
    public void Score_HashedInAnyPrecision_HasTheSameBits()
    {
        var card = RepresentationCards.Bags();
        var pool = RepresentationCards.Pool(card, Samples);
        using var full = new RepresentationRun(card, "dhe(k=32,decoder=12)", Samples);
        using var rounded = new RepresentationRun(card, "dhe(k=32,decoder=12)", Samples, TablePrecision.Int4);
        Assert.Equal(full.Scores(pool, (0, Samples)), rounded.Scores(pool, (0, Samples)));
    }

    /// <summary>Vectors have the same bits on any number of threads; layers on several threads may sum in another order.</summary>
    [Theory]
    [MemberData(nameof(Paths))]
    public void Score_SeveralThreads_ChangesNothingAndAllocatesNothing(string name, string representation)
    {
        var card = RepresentationCards.Of(name);
        var pool = RepresentationCards.Pool(card, 600);
        using var one = new RepresentationRun(card, representation, 600);
        var expected = one.Scores(pool, (0, 600));
        foreach (var spinning in new[] { false, true })
        {
            using var several = new RepresentationRun(card, representation, 600, threads: 3, spinning: spinning);
            for (var i = 0; i < 5; i++)
            {
                AssertNear(expected, several.Scores(pool, (0, 600)));
            }

            Assert.Equal(0, Allocation.Of(() => Loop(several.Instance, pool)));
        }
    }

    /// <summary>Forty instances have eighty threads beside their callers; other tests at the same time start and end a few.</summary>
    [Fact]
    public void Dispose_SeveralThreads_EndsThem()
    {
        var card = RepresentationCards.Bags();
        var pool = RepresentationCards.Pool(card, 8);
        var before = ThreadCount();
        for (var i = 0; i < 40; i++)
        {
            using var run = new RepresentationRun(card, "dhe(k=32,decoder=12)", 8, threads: 3);
            run.Scores(pool, (0, 8));
        }

        Assert.True(ThreadCount() < before + 40, $"{before} threads before, {ThreadCount()} after");
    }

    private static int ThreadCount()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.Threads.Count;
    }

    private static double ElementBound(string representation, TablePrecision precision, long rows)
    {
        var product = representation != "table";
        var limit = product ? Math.Pow(3.0 / rows, 0.25) : Math.Sqrt(1.0 / rows);
        var error = limit * precision switch
        {
            TablePrecision.Fp16 => 1.0 / 2048,
            TablePrecision.Int8 => 1.01 / 255,
            _ => 1.05 / 15,
        };
        return product ? ((limit + error) * (limit + error)) - (limit * limit) : error;
    }

    /// <summary>As many copies of the first sample, but for one column.</summary>
    private static FeatureBatch Alike(FeatureBatch source, SparseColumn[] columns, int other, int samples)
    {
        var alike = columns.Select((column, i) => i == other ? column : First(column, source.Samples, samples)).ToArray();
        var width = source.Dense.Length / source.Samples;
        return new FeatureBatch(samples, [.. Enumerable.Repeat(source.Dense[..width], samples).SelectMany(row => row)], alike);
    }

    private static SparseColumn First(SparseColumn column, int of, int samples)
    {
        var bag = column.Offsets is null ? column.Ids[..(column.Ids.Length / of)] : column.Ids[..column.Offsets[1]];
        return new SparseColumn([.. Enumerable.Repeat(bag, samples).SelectMany(id => id)], [.. Enumerable.Range(0, samples + 1).Select(i => i * bag.Length)]);
    }

    private static void AssertNear(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected, (value, i) => Assert.Equal(value, found[i], Math.Max(2e-5f, Math.Abs(value) * 1e-5f)));
    }

    private static void Loop(PathInstance instance, FeatureBatch pool)
    {
        for (var i = 0; i < 20; i++)
        {
            instance.Begin();
            instance.Add(pool, 7, 1 + (i * 37 % 70));
            instance.Add(pool, 0, 1 + (i * 11 % 70));
            instance.Pool();
            instance.Score();
        }
    }
}
