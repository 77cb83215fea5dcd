using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Representations;
using Rectune.Engine.Sessions;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Sessions;

public sealed class RowEvaluatorTests
{
    private static readonly ModelGraphs Graphs = new(RepresentationCards.Bags(), RepresentationRun.Seed);
    private static readonly EmbeddingDesign Design = Graphs.Design(RepresentationCatalog.Parse("materialized(k=16,decoder=6,norm=batch)", "a test"));
    private static readonly SlowDhe Slow = new(new RandomParameters(RepresentationRun.Seed), 16, [6], normalized: true);

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(0, 5, 256)]
    [InlineData(2, 1000, 257)]
    [InlineData(4, 19_000, 1000)]
    [InlineData(3, 0, 700)]
    public void Evaluate_ConsecutiveIds_EqualsTheSlowReference(int slot, int firstId, int count)
    {
        using var evaluator = new RowEvaluator(Graphs);
        AssertRows(evaluator, slot, firstId, count);
    }

    [Fact]
    public void Evaluate_SeveralThreadsOnSeveralTables_EqualsTheSlowReference()
    {
        using var evaluator = new RowEvaluator(Graphs);
        Parallel.For(0, 24, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => AssertRows(evaluator, i / 3 % 5, i * 11, 20));
    }

    private static void AssertRows(RowEvaluator evaluator, int slot, int firstId, int count)
    {
        var feature = Graphs.Card.Sparse[slot];
        var values = new float[count * feature.Dim];
        evaluator.Evaluate(Design, slot, firstId, values);
        for (var i = 0; i < count; i++)
        {
            Assert.All(Slow.Vector(feature, firstId + i), (value, k) => Assert.Equal(value, values[(i * feature.Dim) + k], 2e-6));
        }
    }
}
