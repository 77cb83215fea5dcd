using Rectune.Core.Domain;
using Rectune.Engine.Load;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Load;

public sealed class OpenLoopGeneratorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Fact]
    public void Run_TargetAnswersInPlace_EveryQueryHasALatency()
    {
        var result = Run(new ScriptedTarget(_ => Answer.AtOnce), count: 500, gapNs: 50_000);
        Assert.Equal(500, result.LatencyMs.Length);
        Assert.All(result.LatencyMs, latency => Assert.InRange(latency, 0, 5_000));
        Assert.Equal(0, result.Unanswered);
    }

    [Fact]
    public void Run_TargetRefuses_CountsAsInfinite()
    {
        var result = Run(new ScriptedTarget(query => query % 3 == 0 ? Answer.Refused : Answer.AtOnce), count: 300, gapNs: 10_000);
        Assert.Equal(100, result.LatencyMs.Count(double.IsPositiveInfinity));
    }

    [Fact]
    public void Run_TargetRefuses_SaysHowSoonWhetherAtOnceOrLater()
    {
        var result = Run(new ScriptedTarget(query => (query % 4) switch { 0 => Answer.Refused, 1 => Answer.Late, 2 => Answer.Failed, _ => Answer.AtOnce }), count: 400, gapNs: 10_000);
        for (var i = 0; i < 400; i++)
        {
            Assert.Equal(i % 4 < 2, double.IsFinite(result.RefusedMs[i]));
            Assert.Equal(i % 4 == 3, double.IsFinite(result.LatencyMs[i]));
        }

        Assert.All(result.RefusedMs.Where(double.IsFinite), ms => Assert.InRange(ms, 0, 5_000));
        Assert.Equal(0, result.Unanswered);
    }

    [Fact]
    public void Run_TargetFails_CountsAsInfinite()
    {
        var result = Run(new ScriptedTarget(query => query == 7 ? Answer.Failed : Answer.AtOnce), count: 20, gapNs: 10_000);
        Assert.Equal(double.PositiveInfinity, result.LatencyMs[7]);
        Assert.Equal(19, result.LatencyMs.Count(double.IsFinite));
    }

    [Fact]
    public void Run_TargetNeverAnswers_IsInfiniteAndReported()
    {
        var generator = new OpenLoopGenerator(TinyModel.Pool(TinyModel.Card(), 10), TimeProvider.System);
        var result = generator.Run(
            new ScriptedTarget(query => query == 3 ? Answer.Never : Answer.AtOnce), Schedule(10, 10_000), Sizes(10), 1, TimeSpan.FromMilliseconds(20), CancellationToken.None);
        Assert.Equal(1, result.Unanswered);
        Assert.Equal(double.PositiveInfinity, result.LatencyMs[3]);
    }

    [Fact]
    public void Run_TargetStalls_LaterQueriesStillCountFromTheirSchedule()
    {
        // The first submission blocks for 100 ms; the next queries were due meanwhile and must show the wait (no coordinated omission).
        var result = Run(new ScriptedTarget(query => query == 0 ? Answer.AfterStall : Answer.AtOnce), count: 50, gapNs: 1_000_000);
        Assert.True(result.LatencyMs[1] > 90, $"{result.LatencyMs[1]} ms");
        Assert.True(result.LatencyMs[10] > 80, $"{result.LatencyMs[10]} ms");
        Assert.True(result.LatenessUs[1] > 90_000);
    }

    [Fact]
    public void Run_SameSeed_TakesTheSameSlices()
    {
        var first = new ScriptedTarget(_ => Answer.AtOnce);
        var second = new ScriptedTarget(_ => Answer.AtOnce);
        Run(first, 100, 1_000);
        Run(second, 100, 1_000);
        Assert.Equal(first.Starts, second.Starts);
        Assert.True(first.Starts.Distinct().Count() > 3);
    }

    private static LoadResult Run(ScriptedTarget target, int count, long gapNs) =>
        new OpenLoopGenerator(TinyModel.Pool(TinyModel.Card(), 10), TimeProvider.System)
            .Run(target, Schedule(count, gapNs), Sizes(count), 1, Patience, CancellationToken.None);

    private static long[] Schedule(int count, long gapNs) => [.. Enumerable.Range(0, count).Select(i => i * gapNs)];

    private static int[] Sizes(int count) => [.. Enumerable.Repeat(2, count)];

    private enum Answer
    {
        AtOnce,
        Refused,
        Late,
        Failed,
        Never,
        AfterStall,
    }

    private sealed class ScriptedTarget(Func<long, Answer> script) : IQueryTarget
    {
        public List<int> Starts { get; } = [];

        public Admission Submit(FeatureBatch source, int start, int count, IQueryObserver observer, long tag, QueryTerms terms = default)
        {
            Starts.Add(start);
            switch (script(tag))
            {
                case Answer.Refused:
                    return Admission.QueueFull;
                case Answer.Late:
                    observer.Ended(tag, [], QueryEnd.Late);
                    return Admission.Accepted;
                case Answer.Failed:
                    observer.Ended(tag, [], QueryEnd.Failed);
                    return Admission.Accepted;
                case Answer.Never:
                    return Admission.Accepted;
                case Answer.AfterStall:
                    using (var never = new ManualResetEventSlim())
                    {
                        never.Wait(100);
                    }

                    observer.Ended(tag, new float[count], QueryEnd.Answered);
                    return Admission.Accepted;
                default:
                    observer.Ended(tag, new float[count], QueryEnd.Answered);
                    return Admission.Accepted;
            }
        }
    }
}
