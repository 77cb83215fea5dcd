using Rectune.Engine.Limits;

namespace Rectune.Benchmarks.Models;

/// <summary>What the machine can do at most.</summary>
/// <param name="Gflops">10⁹ fp32 operations a second in the best matrix product.</param>
/// <param name="GigabytesPerSecond">Reading memory in sequence.</param>
internal sealed record ThreadLimits(int Threads, double Gflops, double GigabytesPerSecond)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    public static ThreadLimits Measure(int threads)
    {
        using var team = new LockstepThreads(threads);
        using var stream = new StreamBandwidth(team, TimeProvider.System);
        return new ThreadLimits(
            threads,
            GemmPeak.Sizes.Max(size => GemmPeak.Measure(size, threads, Limit, TimeProvider.System)),
            stream.Measure(Limit));
    }
}
