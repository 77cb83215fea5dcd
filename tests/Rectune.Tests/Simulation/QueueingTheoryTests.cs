using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Simulation;
using Rectune.Core.Workloads;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Simulation;

/// <summary>
/// The simulator against closed forms (Kleinrock, Queueing Systems I, 1975: sections 3.2, 3.5 and 5.6). Queries of one sample with batches of one, so that nothing is
/// split or joined; the interval is the simulation's own, over replications.
/// </summary>
public sealed class QueueingTheoryTests
{
    private const int Replications = 20;
    private const int Queries = 80_000;

    /// <summary>The start, from an empty queue, is left out: some hundred times the queue's relaxation time at the loads used here.</summary>
    private const int WarmUp = 8_000;

    private const double ServiceMs = 1;

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void MM1_MeanWait_IsTheClosedForm(double load)
    {
        var simulated = Observe(1, ServiceLaw.Exponential(1e6), load, latencies => latencies.Average() - ServiceMs);
        AssertAgrees(load * ServiceMs / (1 - load), simulated, 0.15);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void MM1_P99OfSojourn_IsTheClosedForm(double load)
    {
        // The sojourn is exponential with rate μ − λ.
        var simulated = Observe(1, ServiceLaw.Exponential(1e6), load, P99);
        AssertAgrees(Math.Log(100) * ServiceMs / (1 - load), simulated, 0.15);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.85)]
    public void MD1_MeanWait_IsPollaczekKhinchine(double load)
    {
        var simulated = Observe(1, ServiceLaw.Constant(1e6), load, latencies => latencies.Average() - ServiceMs);
        AssertAgrees(load * ServiceMs / (2 * (1 - load)), simulated, 0.15);
    }

    [Fact]
    public void MG1_TwoPointService_MeanWaitIsPollaczekKhinchine()
    {
        // A tenth of the runs takes 5.5 ms, the others 0.5 ms: mean 1, second moment 3.25 ms². W = λ·E[S²] / (2(1 − ρ)).
        var law = new ServiceLaw((_, u) => u < 0.1 ? 5.5e6 : 0.5e6);
        var simulated = Observe(1, law, 0.6, latencies => latencies.Average() - ServiceMs);
        AssertAgrees(0.6 * 3.25 / (2 * 0.4), simulated, 0.15);
    }

    [Theory]
    [InlineData(2, 0.7)]
    [InlineData(4, 0.8)]
    public void MMc_MeanWait_IsErlangC(int servers, double load)
    {
        var simulated = Observe(servers, ServiceLaw.Exponential(1e6), load, latencies => latencies.Average() - ServiceMs);
        AssertAgrees(ErlangC(servers, load * servers) * ServiceMs / (servers * (1 - load)), simulated, 0.15);
    }

    [Theory]
    [InlineData(2, 0.7)]
    [InlineData(4, 0.8)]
    public void MMc_P99OfSojourn_IsErlangsWaitBeforeAnExponentialService(int servers, double load)
    {
        var simulated = Observe(servers, ServiceLaw.Exponential(1e6), load, P99);
        AssertAgrees(SojournQuantile(servers, load, 0.99), simulated, 0.15);
    }

    /// <summary>Chance that an arrival has to wait with <paramref name="offered"/> Erlang on <paramref name="servers"/> servers.</summary>
    private static double ErlangC(int servers, double offered)
    {
        var term = 1.0;
        var sum = 0.0;
        for (var k = 0; k < servers; k++)
        {
            sum += term;
            term *= offered / (k + 1);
        }

        var last = term * servers / (servers - offered);
        return last / (sum + last);
    }

    /// <summary>Time, in ms, that the sojourn in M/M/c exceeds with chance 1 − p: with chance C a wait of rate r = cμ − λ comes before the exponential service of rate μ.</summary>
    private static double SojournQuantile(int servers, double load, double p)
    {
        var waits = ErlangC(servers, load * servers);
        var (mu, rate) = (1 / ServiceMs, servers * (1 - load) / ServiceMs);
        var (low, high) = (0.0, 1000.0);
        while (high - low > 1e-9)
        {
            var t = (low + high) / 2;

            // The sum of two exponentials of different rates.
            var both = ((rate * Math.Exp(-mu * t)) - (mu * Math.Exp(-rate * t))) / (rate - mu);
            var exceeds = ((1 - waits) * Math.Exp(-mu * t)) + (waits * both);
            (low, high) = exceeds > 1 - p ? (t, high) : (low, t);
        }

        return low;
    }

    private static double P99(double[] latencies)
    {
        var sorted = latencies.ToArray();
        Array.Sort(sorted);
        return Percentiles.NearestRank(sorted, 0.99);
    }

    private static Interval Observe(int servers, ServiceLaw service, double load, Func<double[], double> statistic)
    {
        var settings = new SchedulerSettings
        {
            Policy = "static",
            Instances = servers,
            SplitSamples = 1,
            MaxBatch = 1,
            BatchWindowUs = 0,
            QueueLimit = Queries,
        };
        var simulator = new QueueSimulator(settings, service);
        var latencies = new double[Queries];
        var values = new double[Replications];
        for (var r = 0; r < Replications; r++)
        {
            var workload = SimulatedWorkload.Draw(new PoissonArrivals(), new FixedSizes(1), Queries, 20260302, r);
            simulator.Run(workload.Instants, 1e6 * ServiceMs / (load * servers), workload.Sizes, workload.Seed, 1, latencies);
            values[r] = statistic(latencies[WarmUp..]);
        }

        return StudentT.MeanInterval(values, 0.999);
    }

    /// <summary>Within the interval, and the interval tight enough to notice an error of <paramref name="resolution"/>.</summary>
    private static void AssertAgrees(double expected, Interval simulated, double resolution)
    {
        Assert.InRange(expected, simulated.Low, simulated.High);
        Assert.True(simulated.High - simulated.Low < resolution * expected, $"{simulated} resolves {expected} too coarsely");
    }
}
