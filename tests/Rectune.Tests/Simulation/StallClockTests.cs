using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Simulation;
using Xunit;

namespace Rectune.Tests.Simulation;

public sealed class StallClockTests
{
    [Fact]
    public void Run_OneInstanceUnderABacklog_LosesTheTimeThatItsStallsTake()
    {
        // 100 stalls of 2 ms for a busy second: a fifth of the time is lost, so that runs of 1 ms end every 1.25 ms.
        var latencies = new double[40_000];
        var simulator = new QueueSimulator(Settings(instances: 1, latencies.Length), new Stalled(1, 100, 2));
        simulator.Run(new double[latencies.Length], 1, [.. Enumerable.Repeat(1, latencies.Length)], seed: 3, inflation: 1, latencies);
        Assert.Equal(1.25, latencies[^1] / latencies.Length, 0.02);
    }

    [Fact]
    public void Run_TwoInstancesUnderABacklog_ShareTheStalls()
    {
        var latencies = new double[40_000];
        var simulator = new QueueSimulator(Settings(instances: 2, latencies.Length), new Stalled(1, 100, 2));
        simulator.Run(new double[latencies.Length], 1, [.. Enumerable.Repeat(1, latencies.Length)], seed: 3, inflation: 1, latencies);
        Assert.Equal(1.25, 2 * latencies.Max() / latencies.Length, 0.02);
    }

    [Fact]
    public void Run_AnInstanceIsAlwaysIdle_NoRunIsStalled()
    {
        // A run of 1 ms every 2 ms: the second instance never has anything to do.
        var latencies = new double[5_000];
        var simulator = new QueueSimulator(Settings(instances: 2, queue: 10), new Stalled(1, 400, 5));
        simulator.Run([.. Enumerable.Range(0, latencies.Length).Select(i => 2.0 * i)], 1e6, [.. Enumerable.Repeat(1, latencies.Length)], seed: 3, inflation: 1, latencies);
        Assert.All(latencies, ms => Assert.Equal(1, ms, 6));
    }

    [Fact]
    public void Run_SameSeed_StallsTheSame()
    {
        double[] Latencies(ulong seed)
        {
            var latencies = new double[1_000];
            new QueueSimulator(Settings(instances: 2, 2_000), new Stalled(1, 300, 2)).Run(new double[1_000], 1, [.. Enumerable.Repeat(1, 1_000)], seed, inflation: 1, latencies);
            return latencies;
        }

        Assert.Equal(Latencies(7), Latencies(7));
        Assert.NotEqual(Latencies(7), Latencies(8));
    }

    private static SchedulerSettings Settings(int instances, int queue) => new()
    {
        Policy = SchedulingPolicies.Static,
        Instances = instances,
        SplitSamples = 1,
        MaxBatch = 1,
        BatchWindowUs = 0,
        QueueLimit = queue,
    };

    /// <summary>Every run takes as long, and so does every stall.</summary>
    private sealed class Stalled(double runMs, double perSecond, double stallMs) : IServiceTimes
    {
        public double StallsPerNs => perSecond / 1e9;

        public double StallNs(double u) => stallMs * 1e6;

        public double ServiceNs(int samples, double u) => runMs * 1e6;
    }
}
