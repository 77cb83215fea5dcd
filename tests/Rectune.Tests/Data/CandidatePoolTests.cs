using MathNet.Numerics.Distributions;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Workloads;
using Rectune.Engine.Data;
using Rectune.Engine.Kernels;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Data;

public sealed class CandidatePoolTests
{
    private static readonly IndexSkew Zipf = new() { Kind = SkewKind.Zipf, ZipfExponent = 1.05, Source = Provenance.Assumed };
    private static readonly IndexSkew Uniform = new() { Kind = SkewKind.Uniform, Source = Provenance.Assumed };

    [Fact]
    public void Read_ClickLog_TransformsDenseAndHashesCategories()
    {
        var card = SmallCards.Criteo(rows: 1000);
        var log = ClickLog.Line("1", ["0", "9", "-2"], ["68fd1e64", "68fd1e64"]) + "\n" + ClickLog.Line("0", [], ["68fd1e64"]) + "\n";
        var pool = ClickLogCandidates.Read(card, ClickLog.Stream(log), "clicks.tsv", 100, CancellationToken.None);
        Assert.Equal(2, pool.Features.Samples);
        // ln(1 + 0), ln(1 + 9), ln(1 + max(-2, 0)), missing.
        Assert.Equal([0f, MathF.Log(10), 0f, 0f], pool.Features.Dense[..4]);
        Assert.Equal(26, pool.Features.Dense.Length);
        var columns = pool.Features.Columns;
        Assert.Equal(26, columns.Length);
        Assert.All(columns, column => Assert.Equal(2, column.Ids.Length));
        Assert.All(columns, column => Assert.Equal(-1, IndexCheck.FirstOutside(column.Ids, 1000)));
        Assert.Equal(columns[0].Ids[0], columns[0].Ids[1]);
        Assert.Equal(CategoryHash.Row(0, 0x68fd1e64, 1000), columns[0].Ids[0]);
        Assert.NotEqual(columns[0].Ids[0], columns[1].Ids[0]);
        Assert.Equal(CategoryHash.Row(1, null, 1000), columns[1].Ids[1]);
    }

    [Fact]
    public void Read_MoreRowsThanKept_MeasuresThemAll()
    {
        var lines = Enumerable.Range(0, 40_000).Select(i => ClickLog.Line("0", [$"{i}"], [.. Enumerable.Repeat($"{i % 4:x}", 26)]) + "\n");
        var pool = ClickLogCandidates.Read(SmallCards.Criteo(1_000_000), ClickLog.Stream(string.Concat(lines)), "clicks.tsv", 20_000, CancellationToken.None);
        Assert.Equal(20_000, pool.Features.Samples);
        Assert.Equal(20_000, pool.Features.Columns[25].Ids.Length);
        Assert.Equal(MathF.Log(1 + 19_999f), pool.Features.Dense[19_999 * 13]);
        Assert.Equal(SkewKind.Data, pool.Skew.Kind);
        Assert.Equal(Provenance.Measured, pool.Skew.Source);
        Assert.Equal(40_000, pool.Skew.DataRows);
        Assert.Equal(64, pool.Skew.DataSha256!.Length);
        // Four equally used ids in each of 26 features.
        Assert.Equal(104.0 / (26 * 40_000), pool.Skew.DistinctShare!.Value, 1e-12);
        Assert.Equal(2.0 / 104, pool.Skew.HottestPercentShare!.Value, 1e-12);
        Assert.Equal(0, pool.Skew.ZipfExponent!.Value, 1e-6);
    }

    [Fact]
    public void Read_ZipfCategories_FitsTheirExponent()
    {
        var generator = new SplitMix64(4);
        var sampler = new ZipfSampler(5000, 0.9);
        var lines = Enumerable.Range(0, 8000)
            .Select(_ => ClickLog.Line("0", [], [.. Enumerable.Range(0, 26).Select(_ => $"{sampler.Next(ref generator):x}")]) + "\n");
        var pool = ClickLogCandidates.Read(SmallCards.Criteo(200_000), ClickLog.Stream(string.Concat(lines)), "clicks.tsv", 10, CancellationToken.None);
        Assert.Equal(0.9, pool.Skew.ZipfExponent!.Value, 0.05);
    }

    [Fact]
    public void Read_ModelOfAnotherShape_ListsEveryMismatch()
    {
        var refused = Assert.Throws<InvalidInputException>(
            () => ClickLogCandidates.Read(SmallCards.MultiHot(), ClickLog.Stream("x"), "clicks.tsv", 10, CancellationToken.None));
        Assert.Equal(
            [
                "model 'small' takes 2 dense features, a Criteo click log has 13",
                "model 'small' takes 3 sparse features, a Criteo click log has 26",
                "model 'small' takes 3 ids of feature 'watched', a Criteo click log has 1",
                "model 'small' takes 20 ids of feature 'words', a Criteo click log has 1",
            ],
            refused.Problems.Select(problem => problem.What));
    }

    [Fact]
    public void FromClickLog_AbsentFile_SaysWhichAndWhatToDo()
    {
        var missing = Assert.Throws<MissingResourceException>(
            () => CandidatePool.FromClickLog(SmallCards.Criteo(), "no-such-clicks.tsv", cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("no-such-clicks.tsv", missing.Message);
    }

    [Fact]
    public void FromClickLog_File_EqualsItsStream()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var log = ClickLog.Line("1", ["5"], ["a"]) + "\n";
        try
        {
            File.WriteAllText(path, log);
            var fromFile = CandidatePool.FromClickLog(SmallCards.Criteo(), path, cancellation: TestContext.Current.CancellationToken);
            var fromStream = ClickLogCandidates.Read(SmallCards.Criteo(), ClickLog.Stream(log), "x", 10, CancellationToken.None);
            Assert.Equal(fromStream.Skew, fromFile.Skew);
            Assert.Equal(fromStream.Features.Dense, fromFile.Features.Dense);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Synthetic_MultiHot_GivesEachSampleItsLookups()
    {
        var card = SmallCards.MultiHot();
        var pool = CandidatePool.Synthetic(card, Zipf, 1, 2, 1000);
        Assert.Equal(1000, pool.Features.Samples);
        Assert.Equal(2000, pool.Features.Dense.Length);
        Assert.All(pool.Features.Dense, value => Assert.InRange(value, 0, 20));
        for (var feature = 0; feature < 3; feature++)
        {
            var (ids, offsets) = pool.Features.Columns[feature];
            Assert.Null(offsets);
            Assert.Equal(1000 * card.Sparse[feature].Lookups, ids.Length);
            Assert.Equal(-1, IndexCheck.FirstOutside(ids, card.Sparse[feature].Rows));
        }

        Assert.Equal(Zipf, pool.Skew);
    }

    [Fact]
    public void Synthetic_Zipf_HasThatExponent()
    {
        var card = SmallCards.Card(0, [SmallCards.Feature("a", 100_000, 4, 10)], []);
        Assert.Equal(1.05, SkewEstimate.FromCounts([Counts(CandidatePool.Synthetic(card, Zipf, 1, 1, 40_000), 100_000)]).ZipfExponent!.Value, 0.03);
    }

    [Fact]
    public void Synthetic_Uniform_PassesChiSquare()
    {
        var card = SmallCards.Card(0, [SmallCards.Feature("a", 200, 4)], []);
        var counts = Counts(CandidatePool.Synthetic(card, Uniform, 1, 1, 100_000), 200);
        var statistic = counts.Sum(count => (count - 500.0) * (count - 500.0) / 500);
        Assert.True(1 - ChiSquared.CDF(199, statistic) > 0.001, $"chi-square {statistic}");
    }

    [Fact]
    public void Synthetic_SameSeed_IsEqualForAnyThreads()
    {
        var one = CandidatePool.Synthetic(SmallCards.Criteo(), Zipf, 9, 1, 500);
        var four = CandidatePool.Synthetic(SmallCards.Criteo(), Zipf, 9, 4, 500);
        var other = CandidatePool.Synthetic(SmallCards.Criteo(), Zipf, 10, 1, 500);
        for (var feature = 0; feature < 26; feature++)
        {
            Assert.Equal(one.Features.Columns[feature].Ids, four.Features.Columns[feature].Ids);
            Assert.NotEqual(one.Features.Columns[feature].Ids, other.Features.Columns[feature].Ids);
        }

        Assert.Equal(one.Features.Dense, four.Features.Dense);
    }

    [Fact]
    public void Synthetic_SkewOfData_Refuses() => Assert.Throws<ArgumentException>(
        () => CandidatePool.Synthetic(SmallCards.Criteo(), new IndexSkew { Kind = SkewKind.Data, Source = Provenance.Measured }, 1, 1, 10));

    [Fact]
    public void DefaultSamples_HeavyModel_StaysInItsBudget()
    {
        Assert.Equal(131_072, SyntheticCandidates.DefaultSamples(SmallCards.Criteo()));
        // 32 tables of 120 lookups and 256 dense features: 2^25 / 4096 samples.
        var heavy = SmallCards.Card(256, Enumerable.Range(0, 32).Select(i => SmallCards.Feature($"t{i}", 500_000, 64, 120)), [64]);
        Assert.Equal(8192, SyntheticCandidates.DefaultSamples(heavy));
    }

    private static int[] Counts(CandidatePool pool, int rows)
    {
        var counts = new int[rows];
        foreach (var id in pool.Features.Columns[0].Ids)
        {
            counts[id]++;
        }

        return counts;
    }
}
