using Rectune.Core.Domain;
using Rectune.Engine.Load;

namespace Rectune.Benchmarks.Serving;

/// <summary>One query at a time with pauses between, which makes up one slice of a measurement in turn.</summary>
internal static class LightLoad
{
    public const int Queries = 100;

    public const double GapUs = 4_000;

    /// <summary>How long an instance looks for work where that is measured: longer than between two queries.</summary>
    public static readonly TimeSpan Spin = TimeSpan.FromMilliseconds(10);

    /// <summary>A query's p50 through a target, microseconds from the scheduled instant.</summary>
    public static double Us(IQueryTarget target, FeatureBatch pool, int samples, GeneratorUrgency urgency = GeneratorUrgency.Ordinary)
    {
        long[] instants = [.. Enumerable.Range(0, Queries).Select(i => (long)(i * GapUs * 1e3))];
        int[] sizes = [.. Enumerable.Repeat(samples, Queries)];
        var result = new OpenLoopGenerator(pool, TimeProvider.System, urgency).Run(target, instants, sizes, seed: 1, TimeSpan.FromSeconds(5), CancellationToken.None);
        return 1e3 * Report.Median(result.LatencyMs);
    }
}
