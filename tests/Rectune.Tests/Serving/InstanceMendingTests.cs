using System.Collections.Concurrent;
using Rectune.Core.Domain;
using Rectune.Engine.Data;
using Rectune.Engine.Serving;
using Rectune.Engine.Sessions;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving;

/// <summary>Instances fail on a batch whose dense features are missing, as no request can be that was checked.</summary>
public sealed class InstanceMendingTests : IDisposable
{
    private const ulong Seed = 11;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly ModelCard Card = TinyModel.Card();
    private static readonly FeatureBatch Pool = TinyModel.Pool(Card, 40);
    private static readonly FeatureBatch Poison = new(40, [], Pool.Columns);

    private readonly TableStore tables = TinyModel.Tables(Seed);
    private readonly ManualResetEventSlim loading = new(initialState: true);
    private readonly ConcurrentQueue<string> told = new();
    private readonly Ends ends = new();
    private int refusals;

    public void Dispose()
    {
        tables.Dispose();
        loading.Dispose();
    }

    [Fact]
    public void Submit_RunFails_InstanceIsReplacedOnAnotherThreadAndGoesOn()
    {
        var threads = new ConcurrentDictionary<int, bool>();
        using var server = Server(1, renew: failed =>
        {
            threads.TryAdd(Environment.CurrentManagedThreadId, true);
            return failed.Renew();
        });
        Assert.Equal(QueryEnd.Failed, Ask(server, Poison));
        var first = ends.Thread;
        Assert.Equal(QueryEnd.Answered, Ask(server, Pool));

        Assert.Equal(TinyModel.SlowScore(Card, Pool, 0, Seed), ends.Scores[0], 1e-5);
        Assert.NotEqual(first, ends.Thread);
        Assert.Equal(ends.Thread, Assert.Single(threads.Keys));
        Assert.Equal((1L, 0), (server.InstancesReplaced, server.QueriesInside));
        Assert.Equal(["replaced instance-0-0"], told);
    }

    [Fact]
    public void Submit_OneInstanceIsBeingReplaced_TheOtherAnswersAndQueriesOfTheFirstHaveEnded()
    {
        using var server = Server(2, Renew);
        loading.Reset();
        Assert.Equal(QueryEnd.Failed, Ask(server, Poison));
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(QueryEnd.Answered, Ask(server, Pool));
        }

        Assert.Equal(0, server.InstancesReplaced);
        loading.Set();
        Until(() => server.InstancesReplaced == 1);
    }

    [Fact]
    public void Submit_TheOnlyInstanceIsBeingReplaced_QueriesWaitForIt()
    {
        using var server = Server(1, Renew);
        loading.Reset();
        Assert.Equal(QueryEnd.Failed, Ask(server, Poison));
        Assert.Equal(Admission.Accepted, server.Submit(Pool, 0, 3, ends, 7));
        Assert.Equal(1, server.QueriesInside);
        loading.Set();
        Assert.Equal(QueryEnd.Answered, ends.Wait(7));
    }

    [Fact]
    public void Submit_TheOnlyInstanceIsBeingReplacedAndQueriesHaveALimit_NobodyWaitsForIt()
    {
        InProcessServer? server = null;
        using var served = server = Server(1, Renew, onFault: _ => Assert.Equal(Admission.Accepted, server!.Submit(Pool, 0, 3, ends, 7)));
        loading.Reset();
        var tag = ends.Next();
        Assert.Equal(Admission.Accepted, server.Submit(Poison, 0, 3, ends, tag, new QueryTerms { LimitUs = (long)Patience.TotalMicroseconds }));
        Assert.Equal(QueryEnd.Failed, ends.Wait(tag));

        // Nor does one without a limit, behind which others would wait.
        Assert.Equal(Admission.TooLate, server.Submit(Pool, 0, 3, ends, 8));
        Assert.Equal(QueryEnd.Lost, ends.Wait(7));
        Assert.Equal((0L, 0), (server.InstancesReplaced, server.QueriesInside));
        loading.Set();
        Until(() => server.InstancesReplaced == 1);
        Assert.Equal(QueryEnd.Answered, Ask(server, Pool));
        Assert.Equal(["replaced instance-0-0"], told);
    }

    [Fact]
    public void Submit_ReplacementsCannotBeLoaded_WaitsLongerEachTimeAndTurnsQueriesAway()
    {
        var clock = new TimerClock();
        refusals = 3;
        using var server = Server(1, Renew, clock);
        loading.Reset();
        Assert.Equal(QueryEnd.Failed, Ask(server, Poison));
        Assert.Equal(Admission.Accepted, server.Submit(Pool, 0, 3, ends, 7));
        loading.Set();

        // What waited is told once nobody knows for how long it would; what comes then is refused.
        Assert.Equal(QueryEnd.Lost, ends.Wait(7));
        for (var failure = 1; failure <= 3; failure++)
        {
            Until(() => clock.Pending == 1);
            Assert.Equal(Admission.TooLate, server.Submit(Pool, 0, 3, ends, 8));
            clock.Fire();
        }

        Until(() => server.InstancesReplaced == 1);
        Assert.Equal(QueryEnd.Answered, Ask(server, Pool));
        Assert.Equal([1.0, 2, 4], clock.Waits.Select(wait => wait.TotalSeconds));
        Assert.Equal(["withdrawn instance-0-0 1: no memory", "withdrawn instance-0-0 2: no memory", "withdrawn instance-0-0 4: no memory", "replaced instance-0-0"], told);
    }

    [Fact]
    public void Submit_FailsAgainAtOnce_IsReplacedAfterAWait()
    {
        var clock = new TimerClock();
        using var server = Server(1, Renew, clock);
        Assert.Equal(QueryEnd.Failed, Ask(server, Poison));
        Until(() => server.InstancesReplaced == 1);
        Assert.Equal(QueryEnd.Failed, Ask(server, Poison));
        Until(() => clock.Pending == 1);
        Assert.Equal(Admission.TooLate, server.Submit(Pool, 0, 3, ends, 8));
        clock.Fire();
        Until(() => server.InstancesReplaced == 2);
        Assert.Equal(QueryEnd.Answered, Ask(server, Pool));
    }

    [Fact]
    public void Submit_QueryOfManyParts_EndsOnceAsFailedWhereOnePartDid()
    {
        // 39 samples in parts of 8 on two instances, over and over: whichever part meets the missing features fails.
        using var server = Server(2, Renew, split: 8);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(QueryEnd.Answered, Ask(server, Pool, 39));
        }

        var half = new FeatureBatch(40, Pool.Dense[..(8 * Card.DenseFeatures)], Pool.Columns);
        Assert.Equal(QueryEnd.Failed, Ask(server, half, 39));
        Until(() => server.InstancesReplaced >= 1);
        Assert.Equal(0, ends.Twice);
    }

    [Fact]
    public void Dispose_WhileWaitingForAReplacement_EndsAtOnce()
    {
        var clock = new TimerClock();
        refusals = int.MaxValue;
        var server = Server(2, Renew, clock);
        Assert.Equal(QueryEnd.Failed, Ask(server, Poison));
        Until(() => clock.Pending == 1);
        Assert.Equal(QueryEnd.Answered, Ask(server, Pool));
        Assert.True(server.Drain(Patience));
        server.Dispose();
        Assert.Equal(Admission.Closing, server.Submit(Pool, 0, 1, ends, 9));
    }

    [Fact]
    public void Submit_ListenerThrows_OneQueryEndsAsFailedAndTheInstanceGoesOn()
    {
        using var server = Server(1, renew: null, onFault: _ => throw new InvalidOperationException());
        Assert.Equal(QueryEnd.Failed, Ask(server, Poison));
        Assert.Equal(QueryEnd.Answered, Ask(server, Pool));
        Assert.Equal(0, server.InstancesReplaced);
    }

    private PathInstance Renew(PathInstance failed)
    {
        loading.Wait(Patience);
        if (refusals > 0)
        {
            refusals--;
            throw new InvalidOperationException("no memory");
        }

        return failed.Renew();
    }

    private InProcessServer Server(int instances, Func<PathInstance, PathInstance>? renew, TimeProvider? clock = null, int split = 40, Action<Exception>? onFault = null)
    {
        var settings = new SchedulerSettings { Policy = SchedulingPolicies.Static, Instances = instances, SplitSamples = split, MaxBatch = 40, BatchWindowUs = 0, QueueLimit = 100 };
        PathInstance[] loaded = [.. Enumerable.Range(0, instances).Select(_ => TinyModel.Instance(Card, tables, TablePrecision.Fp32, 1, 40, Seed))];
        return new InProcessServer(settings, [loaded], clock ?? TimeProvider.System, onFault, mending: renew is null ? null : new InstanceMending
        {
            Renew = renew,
            OnReplaced = name => told.Enqueue($"replaced {name}"),
            OnWithdrawn = (name, wait, why) => told.Enqueue($"withdrawn {name} {wait.TotalSeconds:F0}: {why.Message}"),
        });
    }

    private QueryEnd Ask(InProcessServer server, FeatureBatch source, int samples = 3)
    {
        var tag = ends.Next();
        Assert.Equal(Admission.Accepted, server.Submit(source, 0, samples, ends, tag));
        return ends.Wait(tag);
    }

    private static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Patience));

    /// <summary>How each query ended, and on which thread.</summary>
    private sealed class Ends : IQueryObserver
    {
        private readonly ConcurrentDictionary<long, QueryEnd> all = new();
        private long last = 1000;

        public float[] Scores { get; private set; } = [];

        public int Thread { get; private set; }

        public int Twice { get; private set; }

        public long Next() => Interlocked.Increment(ref last);

        public void Ended(long tag, ReadOnlySpan<float> scores, QueryEnd end)
        {
            Scores = scores.ToArray();
            Thread = Environment.CurrentManagedThreadId;
            Twice += all.TryAdd(tag, end) ? 0 : 1;
        }

        public QueryEnd Wait(long tag)
        {
            Until(() => all.ContainsKey(tag));
            return all[tag];
        }
    }

    /// <summary>Time goes on as it does, but timers wait until they are told that theirs has come.</summary>
    private sealed class TimerClock : TimeProvider
    {
        private readonly ConcurrentQueue<Action> pending = new();

        public ConcurrentQueue<TimeSpan> Waits { get; } = new();

        public int Pending => pending.Count;

        public void Fire()
        {
            Assert.True(pending.TryDequeue(out var fire));
            fire();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Enqueue(dueTime);
            pending.Enqueue(() => callback(state));
            return new Handle();
        }

        private sealed class Handle : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
