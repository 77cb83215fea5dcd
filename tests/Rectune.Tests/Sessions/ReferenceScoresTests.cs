using Rectune.Core.Representations;
using Rectune.Engine.Data;
using Rectune.Engine.Sessions;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Sessions;

public sealed class ReferenceScoresTests
{
    /// <summary>The loaded paths are held to slow references elsewhere; without tables every representation must score the same.</summary>
    [Theory]
    [MemberData(nameof(RepresentedPathTests.Paths), MemberType = typeof(RepresentedPathTests))]
    public void Of_WithoutTables_EqualsTheLoadedPath(string name, string representation)
    {
        var card = RepresentationCards.Of(name);
        var pool = RepresentationCards.Pool(card, 120);
        using var run = new RepresentationRun(card, representation, 100);
        var expected = run.Scores(pool, (0, 100));
        var graphs = new ModelGraphs(card, RepresentationRun.Seed);
        var scores = new ReferenceScores(graphs, new RandomRows(RepresentationRun.Seed)).Of(RepresentationCatalog.Parse(representation, "a test"), pool, 100);
        Assert.Equal(300, scores.Length);
        Assert.All(expected, (value, i) => Assert.Equal(value, scores[i], 2e-5f));
    }
}
