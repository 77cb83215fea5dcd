using System.Text;
using MathNet.Numerics.Distributions;
using Rectune.Core.Domain;
using Rectune.Core.Workloads;
using Rectune.Engine.Data;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Data;

public sealed class AccessTraceTests
{
    /// <summary>Ids far beyond any table: id 10¹⁰ 60 times, 7 30 times, 3 9 times, 4 once.</summary>
    private static readonly string Text = string.Join(' ', Enumerable.Repeat("10000000000", 60).Concat(Enumerable.Repeat("7", 30)).Concat(Enumerable.Repeat("3", 9)).Append("4"));

    [Fact]
    public void Read_Trace_CountsItsSkew()
    {
        var trace = Read(Text);
        Assert.Equal(4, trace.Ranks.Distinct);
        Assert.Equal((SkewKind.Trace, Provenance.Measured, 100), (trace.Skew.Kind, trace.Skew.Source, trace.Skew.DataRows));
        Assert.Equal(0.04, trace.Skew.DistinctShare);

        // 1 % of four ids, rounded up, is the first.
        Assert.Equal(0.6, trace.Skew.HottestPercentShare);

        // Two ids are frequent enough: 60 and 30 uses are exactly P(r) ∝ 1 / r.
        Assert.Equal(1, trace.Skew.ZipfExponent!.Value, 1e-6);
        Assert.Equal($"trace:{trace.Skew.DataSha256}", trace.Skew.Key());
    }

    [Fact]
    public void Open_AbsentFile_SaysWhichAndWhatToDo()
    {
        var missing = Assert.Throws<MissingResourceException>(() => AccessTrace.Open("no-such-trace.txt", TestContext.Current.CancellationToken));
        Assert.Contains("no-such-trace.txt", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromTrace_LargeTable_HasTheTracesFrequenciesOnScatteredRows()
    {
        var card = SmallCards.Card(0, [SmallCards.Feature("a", 100_000, 4, 5)], []);
        var ids = CandidatePool.FromTrace(card, Read(Text), 1, 1, 20_000).Features.Columns[0].Ids;
        Assert.Equal(100_000, ids.Length);
        var counts = ids.GroupBy(id => id).Select(group => group.Count()).OrderDescending().ToArray();
        double[] expected = [60_000, 30_000, 9_000, 1_000];
        var statistic = counts.Zip(expected, (found, mean) => (found - mean) * (found - mean) / mean).Sum();
        Assert.Equal(4, counts.Length);
        Assert.True(1 - ChiSquared.CDF(3, statistic) > 0.001, $"chi-square {statistic}");
        Assert.True(ids.Max() > 4, "ranks are scattered over the rows");
    }

    [Fact]
    public void FromTrace_TableSmallerThanTheTrace_FoldsTheRanks()
    {
        // Ranks 1 … 4 onto rows 0, 1, 2, 0.
        var card = SmallCards.Card(0, [SmallCards.Feature("a", 3, 4)], []);
        var ids = CandidatePool.FromTrace(card, Read(Text), 1, 1, 100_000).Features.Columns[0].Ids;
        double[] expected = [61_000, 30_000, 9_000];
        for (var row = 0; row < 3; row++)
        {
            // Six standard deviations of a binomial count.
            Assert.Equal(expected[row], ids.Count(id => id == row), 6 * Math.Sqrt(expected[row]));
        }
    }

    [Fact]
    public void FromTrace_TableOfExactlyTheTracesIds_UsesEveryRow()
    {
        var card = SmallCards.Card(0, [SmallCards.Feature("a", 4, 4)], []);
        var ids = CandidatePool.FromTrace(card, Read(Text), 1, 1, 10_000).Features.Columns[0].Ids;
        Assert.Equal([0, 1, 2, 3], ids.Distinct().Order());
    }

    [Fact]
    public void FromTrace_SameSeed_IsEqualForAnyThreads()
    {
        var (one, four) = (CandidatePool.FromTrace(SmallCards.Criteo(), Read(Text), 9, 1, 100), CandidatePool.FromTrace(SmallCards.Criteo(), Read(Text), 9, 4, 100));
        for (var feature = 0; feature < 26; feature++)
        {
            Assert.Equal(one.Features.Columns[feature].Ids, four.Features.Columns[feature].Ids);
        }
    }

    [Theory]
    [InlineData("zipf:1.05")]
    [InlineData("trace")]
    public void Draw_FeaturesOfOneTable_HaveTheSameHotRow(string skew)
    {
        var item = SmallCards.Feature("item", 1000, 4);
        var card = SmallCards.Card(0, [SmallCards.Feature("user", 1000, 4), item, item with { Name = "past", Lookups = 8, Sequence = true, Table = "item" }], []);
        var columns = (skew == "trace"
            ? CandidatePool.FromTrace(card, Read(Text), 3, 1, 2000)
            : CandidatePool.Synthetic(card, SkewText.Of(1.05, Provenance.Assumed), 3, 1, 2000)).Features.Columns;
        Assert.Equal(Hottest(columns[1].Ids), Hottest(columns[2].Ids));
        Assert.NotEqual(Hottest(columns[0].Ids), Hottest(columns[1].Ids));
    }

    private static int Hottest(int[] ids) => ids.GroupBy(id => id).MaxBy(group => group.Count())!.Key;

    private static AccessTrace Read(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return AccessTrace.Read(stream, "trace.txt", CancellationToken.None);
    }
}
