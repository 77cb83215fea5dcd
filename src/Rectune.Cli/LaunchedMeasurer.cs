using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Planning;
using Rectune.Engine.Profiling;

namespace Rectune.Cli;

/// <summary>
/// Measures in several processes, one after another: what a path costs depends on where its memory happens to lie, which is drawn anew by each, and a path that ends its
/// process ends no more than that. Tables are generated once and copied by the later processes where memory allows both.
/// </summary>
/// <param name="request">All but what differs between processes; its time is not looked at.</param>
/// <param name="launches">Processes that take part.</param>
/// <param name="book">What is known already; an unfinished session is continued.</param>
/// <param name="program">Starts a measuring process.</param>
internal sealed class LaunchedMeasurer(
    LaunchRequest request, int launches, MeasurementBook book, LaunchProgram program, TimeProvider clock, IProgress<ProfilingProgress> progress) : IPathMeasurer
{
    public void Measure(IReadOnlyList<Configuration> configurations, IReadOnlyList<int> batches, double seconds, IMeasurementSink sink, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(configurations);
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(sink);
        var session = book.Unfinished(configurations, batches, launches) ?? NewSession();
        var left = seconds;
        var alive = configurations.ToList();
        for (var number = 1; number <= launches; number++)
        {
            var place = LaunchPlace.At(session, number, launches);
            var share = left / (launches - number + 1);
            var begun = clock.GetTimestamp();
            Launch([.. alive.Where(configuration => !book.Covers(configuration, batches, place))], batches, place, share, alive, sink, cancellation);
            left -= Math.Min(share, clock.GetElapsedTime(begun).TotalSeconds);
        }
    }

    /// <summary>One launch: a process, and another for what is left whenever a path ends one. Configurations that failed leave <paramref name="alive"/>.</summary>
    private void Launch(
        List<Configuration> wanted, IReadOnlyList<int> batches, LaunchPlace place, double seconds, List<Configuration> alive, IMeasurementSink sink, CancellationToken cancellation)
    {
        var begun = clock.GetTimestamp();
        while (wanted.Count > 0)
        {
            var left = Math.Max(0, seconds - clock.GetElapsedTime(begun).TotalSeconds);
            var part = request with { Launch = place, Configurations = wanted, Batches = batches, Seconds = left, CompareScores = place.Number == 1, Operators = request.Operators && place.Number == 1 };
            using var process = new MeasuringProcess(part, program, sink, new LaunchProgress(progress, place, wanted.Count * batches.Count));
            var through = process.Run(cancellation);
            alive.RemoveAll(process.Failed.Contains);
            wanted = through ? [] : [.. wanted.Where(configuration => !process.Failed.Contains(configuration) && !batches.All(batch => process.HasMeasured(configuration, batch)))];
        }
    }

    private string NewSession() => string.Create(CultureInfo.InvariantCulture, $"{clock.GetUtcNow():yyyyMMddTHHmmssZ}-{Environment.ProcessId}");

    /// <summary>A process's progress as a part of the whole.</summary>
    private sealed class LaunchProgress(IProgress<ProfilingProgress> whole, LaunchPlace place, int cells) : IProgress<ProfilingProgress>
    {
        public void Report(ProfilingProgress value) => whole.Report(new ProfilingProgress(
            place.Of == 1 ? value.Stage : string.Create(CultureInfo.InvariantCulture, $"{value.Stage}, launch {place.Number} of {place.Of}"),
            ((place.Number - 1) * cells) + value.Settled,
            place.Of * cells,
            value.RemainingSeconds));
    }
}
