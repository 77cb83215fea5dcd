using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Load.Http;

/// <summary>Runs alone: the threads of sockets are counted through the whole process's allocations.</summary>
[CollectionDefinition(nameof(HttpLoadTargetAllocationTests), DisableParallelization = true)]
[Collection(nameof(HttpLoadTargetAllocationTests))]
public sealed class HttpLoadTargetAllocationTests
{
    private const int Queries = 2000;

    [Fact]
    public void Submit_SteadyState_AllocatesNothingPerQuery()
    {
        using var server = new ScriptedHttpServer(_ => ScriptedHttpServer.Scores);
        using var client = new LoadedSocket(server, connections: 1);
        Drive(client);
        var least = double.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Drive(client);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Queries);
        }

        // The test runner's own threads are counted too: less than two bytes a query leave room for nothing of ours.
        Assert.InRange(least, 0, 2);
        Assert.Equal(6 * Queries, client.Target.TakeReport().Answered);
    }

    private static void Drive(LoadedSocket client)
    {
        for (var i = 0; i < Queries; i++)
        {
            client.Submit(1);
            client.Wait(1);
        }
    }
}
