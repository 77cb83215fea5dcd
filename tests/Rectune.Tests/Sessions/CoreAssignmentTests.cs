using Rectune.Core.Domain;
using Rectune.Engine.Sessions;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Sessions;

public sealed class CoreAssignmentTests
{
    [Theory]
    [InlineData(1, 1, new[] { 3, 1 }, new[] { 3 }, new[] { 0, 1, 2 })]
    [InlineData(2, 1, new[] { 3, 1 }, new[] { 3, 1 }, new[] { 0, 2 })]
    [InlineData(2, 2, new[] { 0, 1, 2, 3 }, new[] { 0, 1, 2, 3 }, new int[0])]
    public void Of_ListedCores_AreTakenInOrderAndTheRestIsForOthers(int instances, int threads, int[] listed, int[] taken, int[] others)
    {
        var assigned = CoreAssignment.Of([Path("cpu", instances, threads)], listed, [0, 1, 2, 3]);
        Assert.Equal(taken, assigned.Instances);
        Assert.Equal(others, assigned.Others);
    }

    [Fact]
    public void Of_SeveralPaths_TakeAsManyAsTheWidestHasThreads()
    {
        var assigned = CoreAssignment.Of([Path("cpu", 1, 2), Path("cpu", 1, 3), Path("cuda:0", 1, 1)], [4, 5, 6, 7], [.. Enumerable.Range(0, 8)]);
        Assert.Equal([4, 5, 6], assigned.Instances);
        Assert.Equal([0, 1, 2, 3, 7], assigned.Others);
    }

    [Fact]
    public void Of_CoresThatAreNotAllowed_NamesThemAndThoseThatAre()
    {
        var error = Assert.Throws<InvalidInputException>(() => CoreAssignment.Of([Path("cpu", 1, 1)], [1, 8, 9], [1, 2, 4])).Message;
        Assert.Contains("--pin: found 8-9, expected cores that this process may run on: 1-2,4", error, StringComparison.Ordinal);
        var nowhere = Assert.Throws<InvalidInputException>(() => CoreAssignment.Of([Path("cpu", 1, 1)], [1], [])).Message;
        Assert.Contains("this system lets no program choose its cores", nowhere, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_TooFewCores_SaysHowManyAreNeeded()
    {
        var error = Assert.Throws<InvalidInputException>(() => CoreAssignment.Of([Path("cpu", 2, 2)], [0, 1, 2], [0, 1, 2, 3])).Message;
        Assert.Contains("--pin: found 0-2, 3 in all, expected 4 cores for 2 instances of 2 threads", error, StringComparison.Ordinal);
    }

    private static ServingPath Path(string device, int instances, int threads)
    {
        var path = SampleRecords.Plan().Paths[0];
        return path with { Configuration = path.Configuration with { Device = device, Instances = instances, Threads = threads } };
    }
}
