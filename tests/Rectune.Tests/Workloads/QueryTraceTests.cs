using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Workloads;
using Xunit;

namespace Rectune.Tests.Workloads;

public sealed class QueryTraceTests
{
    [Fact]
    public void Sizes_SecondsAndSamplesOrSamplesAlone_AreCounted()
    {
        SizeCount[] expected = [Size(3, 2), Size(8, 1)];
        Assert.Equal(expected, QueryTrace.Sizes("seconds,samples\n0,3\n0.5, 8\n\n1,3\n", "t.csv"));
        Assert.Equal(expected, QueryTrace.Sizes("# a comment\n\n\"samples\"\n3\n8\n3", "t.csv"));
        Assert.Equal(expected, QueryTrace.Histogram("samples,count\n8,1\n3,1\n3,1\n", "h.csv"));
    }

    [Fact]
    public void Instants_FirstColumn_AreReadWithAnyOrigin()
    {
        var text = string.Join('\n', Enumerable.Range(0, 150).Select(i => FormattableString.Invariant($"{1000 + (i * 0.25)},7")));
        var instants = QueryTrace.Instants(text, "t.csv");
        Assert.Equal((150, 1000, 1037.25), (instants.Count, instants[0], instants[^1]));
    }

    [Fact]
    public void Sizes_WrongLines_AreAllNamedWithTheirPlaces()
    {
        var thrown = Assert.Throws<InvalidInputException>(() => QueryTrace.Sizes("3\n0\n1,2,3\nx\n5000\n", "t.csv"));
        Assert.Equal(["t.csv(2)", "t.csv(3)", "t.csv(4)", "t.csv(5)"], thrown.Problems.Select(problem => problem.Where));
    }

    [Theory]
    [InlineData("0.1,3\nnow,4\n0.3,5\n", "t.csv(2)")]
    [InlineData("0.1,3\n4\n0.3,5\n", "t.csv(2)")]
    [InlineData("3\n0.2,4\n5\n", "t.csv(2)")]
    [InlineData("0.1,3,9\n0.1,3\n0.2,4\n", "t.csv(1)")]
    public void Sizes_LinesOfAnotherFormThanTheFirst_AreNamed(string text, string place) =>
        Assert.Equal([place], Assert.Throws<InvalidInputException>(() => QueryTrace.Sizes(text, "t.csv")).Problems.Select(problem => problem.Where));

    [Fact]
    public void Sizes_ManyWrongLines_AreCountedAfterTheFirstTen()
    {
        var thrown = Assert.Throws<InvalidInputException>(() => QueryTrace.Sizes(string.Concat(Enumerable.Repeat("-1\n", 25)), "t.csv"));
        Assert.Equal(11, thrown.Problems.Count);
        Assert.Contains("15 more", thrown.Problems[^1].What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("samples\n")]
    public void Sizes_NoQuery_IsSaid(string text) => Assert.Contains("no query", Assert.Throws<InvalidInputException>(() => QueryTrace.Sizes(text, "t.csv")).Message, StringComparison.Ordinal);

    [Fact]
    public void Instants_FallingOrTooFew_AreRefused()
    {
        Assert.Contains("t.csv(2)", Assert.Throws<InvalidInputException>(() => QueryTrace.Instants("2\n1\n3\n", "t.csv")).Message, StringComparison.Ordinal);
        Assert.Contains("expected at least 100", Assert.Throws<InvalidInputException>(() => QueryTrace.Instants("1\n2\n3\n", "t.csv")).Message, StringComparison.Ordinal);
        Assert.Contains("not all at once", Assert.Throws<InvalidInputException>(() => QueryTrace.Instants(string.Concat(Enumerable.Repeat("1\n", 200)), "t.csv")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EmpiricalSizes_Drawn_ComeAsOftenAsCounted()
    {
        var sizes = new EmpiricalSizes("trace:t.csv", [Size(2, 1), Size(10, 3), Size(500, 6)]);
        Assert.Equal((303.2, 500), (sizes.MeanSamples, sizes.Maximum));
        var generator = new SplitMix64(4);
        var drawn = Enumerable.Range(0, 100_000).Select(_ => sizes.Next(ref generator)).GroupBy(size => size).ToDictionary(group => group.Key, group => group.Count() / 100_000.0);
        Assert.Equal(3, drawn.Count);
        Assert.Equal(0.1, drawn[2], 0.005);
        Assert.Equal(0.3, drawn[10], 0.005);
        Assert.Equal(0.6, drawn[500], 0.005);
    }

    [Fact]
    public void Of_WrittenDown_ReadsBackPresetsAndCounts()
    {
        var workload = new Workload { Arrivals = "poisson", Sizes = "trace:gone.csv", SizeCounts = [Size(4, 2)], Skew = SkewText.Of(0, Provenance.Assumed) };
        Assert.Equal(4, QuerySizeCatalog.Of(workload).Maximum);
        Assert.Equal("lognormal", QuerySizeCatalog.Of(workload with { Sizes = "lognormal", SizeCounts = null }).Name);
        Assert.Throws<InvalidInputException>(() => QuerySizeCatalog.Of(workload with { SizeCounts = null }));
    }

    private static SizeCount Size(int samples, long count) => new() { Samples = samples, Count = count };
}
