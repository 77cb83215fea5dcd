using Rectune.Core.Domain;
using Rectune.Engine.Data;
using Rectune.Engine.Serving;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving;

/// <summary>Runs alone: worker threads are counted through the whole process's allocations.</summary>
[CollectionDefinition(nameof(InProcessServerAllocationTests), DisableParallelization = true)]
[Collection(nameof(InProcessServerAllocationTests))]
public sealed class InProcessServerAllocationTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(40, 0)]
    [InlineData(1, 1)]
    public void Serve_SteadyState_AllocatesNothingPerQuery(int outputs, int spinMs)
    {
        var card = TinyModel.Card(outputs: outputs);
        var pool = TinyModel.Pool(card, 64);
        using var tables = TinyModel.Tables(11);
        using var server = InProcessServerTests.Server(card, tables, 2, 16, 32, queueLimit: 64, spinMs);
        using var observer = new Counter();
        Drive(server, pool, observer, 4000);
        var least = double.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Drive(server, pool, observer, 2000);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / 2000.0);
        }

        // The test runner's own threads are counted too: less than one byte a query leaves room for nothing of ours.
        Assert.InRange(least, 0, 1);
    }

    private static void Drive(InProcessServer server, FeatureBatch pool, Counter observer, int queries)
    {
        for (var i = 0; i < queries; i++)
        {
            observer.Begin();
            Assert.True(server.Submit(pool, 0, 1 + (i % 60), observer, i) == Admission.Accepted);
            observer.Wait();
        }
    }

    /// <summary>Waits for one answer at a time without allocating.</summary>
    private sealed class Counter : IQueryObserver, IDisposable
    {
        private readonly AutoResetEvent done = new(initialState: false);

        public void Begin() => done.Reset();

        public void Ended(long tag, ReadOnlySpan<float> scores, QueryEnd end) => done.Set();

        public void Wait() => Assert.True(done.WaitOne(TimeSpan.FromSeconds(30)));

        public void Dispose() => done.Dispose();
    }
}
