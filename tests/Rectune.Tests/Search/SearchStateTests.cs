using FsCheck;
using FsCheck.Fluent;
using Rectune.Core.CostModels;
using Rectune.Core.Numerics;
using Rectune.Core.Search;
using Xunit;

namespace Rectune.Tests.Search;

public sealed class SearchStateTests
{
    private static readonly PathPoint[] Points = [new([1], ["only"], 1), new([2], ["only"], 2)];

    [Fact]
    public void Learn_OnePointAfterTheOther_IsStartedAndMissesTheRest()
    {
        var state = new SearchState([new(Points, 10), new(Points, 20)]);
        Assert.Equal((false, 0), (state.IsStarted(0), state.Best));
        state.Learn(0, 1, new MeasuredPoint(Points[1], 5, 0.01));
        Assert.True(state.IsStarted(0));
        Assert.Equal([0], state.Missing(0));
        Assert.Equal([0, 1], state.Open);
        Assert.Equal(5, Assert.Single(state.Measured).QuietUs);
        state.Conclude(0, 7);
        Assert.Equal([1], state.Open);
        Assert.Equal((7, 7, null), (state.Best, state.ValueOf(0), state.ValueOf(1)));
    }

    [Fact]
    public void Steps_FromAnAmount_AreTheBestUpToThereAndEveryRiseAfter()
    {
        var state = new SearchState([new(Points, 10), new(Points, 20), new(Points, 50), new(Points, 40), new(Points, 100)]);
        state.Conclude(0, 5);
        state.Conclude(1, 4);
        state.Conclude(2, 9);
        state.Conclude(4, 0);
        Assert.Equal([(0, 0.10), (5, 0.40), (9, 0.50)], Rounded(Steps(0)));
        Assert.Equal([(5, 0.25), (9, 0.50)], Rounded(Steps(25)));
        Assert.Equal([(9, 0.50)], Rounded(Steps(50)));
        Assert.Equal([(9, 0.0)], Rounded(Steps(100)));

        IReadOnlyList<(double, double)> Steps(long from) => state.Steps(from, [.. Enumerable.Range(0, 5).Select(state.ValueOf)]);
    }

    [Fact]
    public void Steps_AnyFindings_AgreeWithAskingEveryAmount() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(1, 40).ArrayOf(6).ToArbitrary(),
        Gen.Choose(0, 9).ArrayOf(6).ToArbitrary(),
        (memory, values) =>
        {
            var state = new SearchState([.. memory.Select(bytes => new SearchCandidate(Points, bytes))]);
            for (var i = 0; i < values.Length; i++)
            {
                state.Conclude(i, values[i]);
            }

            foreach (var from in Enumerable.Range(0, memory.Max()))
            {
                // Amounts are whole: between two of them nothing changes.
                var slow = Enumerable.Range(from, memory.Max() - from).Sum(amount => (double)Enumerable.Range(0, 6).Where(i => memory[i] <= amount).Max(i => (int?)values[i]).GetValueOrDefault());
                Assert.Equal(slow, state.Steps(from, [.. values.Select(value => (double?)value)]).Sum(step => step.Value * step.Share) * memory.Max(), 1e-9);
            }
        }));

    private static IEnumerable<(double, double)> Rounded(IEnumerable<(double Value, double Share)> steps) => steps.Select(step => (step.Value, Math.Round(step.Share, 9)));
}
