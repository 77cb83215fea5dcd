using Rectune.Core.Numerics;

namespace Rectune.Benchmarks.Certification;

/// <summary>A queue of Poisson arrivals at some servers, with a mean service time of 1: latencies one after the other by the recursion of Kiefer and Wolfowitz (1955).</summary>
/// <param name="Name">In Kendall's notation.</param>
/// <param name="Servers">How many.</param>
/// <param name="Service">Draws a service time.</param>
internal sealed record QueueLaw(string Name, int Servers, QueueLaw.Draw Service)
{
    /// <summary>Latencies before a series that only fill the queue.</summary>
    private const int WarmUp = 20_000;

    public delegate double Draw(ref SplitMix64 generator);

    /// <summary>Constant, exponential and heavy service (lognormal, squared coefficient of variation 2) at one server; exponential and constant at several.</summary>
    public static IReadOnlyList<QueueLaw> All { get; } =
    [
        new("M/D/1", 1, Constant),
        new("M/M/1", 1, Exponential),
        new("M/G/1, lognormal", 1, Lognormal),
        new("M/D/2", 2, Constant),
        new("M/M/4", 4, Exponential),
    ];

    /// <summary>Latencies at a load, 0 to 1, from a queue that has run for long.</summary>
    public void Fill(double load, ref SplitMix64 generator, Span<double> latencies)
    {
        Span<double> free = stackalloc double[Servers];
        for (var i = -WarmUp; i < latencies.Length; i++)
        {
            var gap = generator.NextExponential() / (load * Servers);
            var first = 0;
            for (var server = 0; server < free.Length; server++)
            {
                free[server] = Math.Max(0, free[server] - gap);
                first = free[server] < free[first] ? server : first;
            }

            free[first] += Service(ref generator);
            if (i >= 0)
            {
                latencies[i] = free[first];
            }
        }
    }

    private static double Constant(ref SplitMix64 generator) => 1;

    private static double Exponential(ref SplitMix64 generator) => generator.NextExponential();

    private static double Lognormal(ref SplitMix64 generator)
    {
        var variance = Math.Log(3);
        return Math.Exp((Math.Sqrt(variance) * generator.NextNormal()) - (variance / 2));
    }
}
