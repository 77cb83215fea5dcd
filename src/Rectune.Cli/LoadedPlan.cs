using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Scheduling;
using Rectune.Core.Units;
using Rectune.Engine.Serving;
using Rectune.Engine.Serving.Http;
using Rectune.Engine.Sessions;

namespace Rectune.Cli;

/// <summary>Reads a plan and brings its paths to life.</summary>
internal static class LoadedPlan
{
    /// <summary>Between two looks at what a cache of vectors was asked for: it acts on them only once enough was counted.</summary>
    private static readonly TimeSpan CacheRefreshPeriod = TimeSpan.FromSeconds(5);

    /// <summary>Reads and checks.</summary>
    public static Plan Read(string path) => PlanFormat.Read(FileText.Read(path, "the plan"), path);

    /// <summary>Reads, checks, and refuses one that was made for another machine.</summary>
    public static Plan Read(string path, Machine machine, bool allowStale)
    {
        var plan = Read(path);
        Workbench.RequireFresh(plan, machine, allowStale);
        return plan;
    }

    /// <summary>Generates the tables, loads every instance and starts the workers.</summary>
    /// <param name="spin">How long an instance without work looks for some before it sleeps.</param>
    /// <param name="place">Where in the machine; null: wherever threads and memory come to lie.</param>
    /// <param name="log">Hears of instances that fail and are replaced; null: the terminal alone does.</param>
    public static InProcessServer Serve(
        Plan plan, Workbench bench, Terminal terminal, TimeProvider clock, CancellationToken cancellation, TimeSpan spin = default, ServingPlace? place = null, ServerLog? log = null)
    {
        if (MemoryRoom.Of(plan) is { MissingBytes: > 0, FreeBytes: { } free } room)
        {
            throw new MissingResourceException(
                $"The plan's paths need {new ByteSize(room.NeededBytes)} of memory, {new ByteSize(free)} are available now.",
                $"Free {new ByteSize(room.MissingBytes)}, or plan again with --memory-max {new ByteSize(free)}.");
        }

        place?.Prepare(plan, bench.Tables);
        terminal.Progress($"generating rows of {plan.PathId()}");
        var opened = bench.Tables.OpenAll(
            [.. plan.Paths.Select(path => (bench.Graphs.Design(path.Configuration.Representation), path.Configuration))], new ShareLine(terminal, "generating rows"), cancellation);
        terminal.Progress($"loading {plan.Paths.Sum(path => path.Configuration.Instances)} instances");
        var refreshing = new CacheRefreshing(CacheRefreshPeriod, clock, fault => terminal.Error($"the cache of vectors stays as it is: {fault.Message}"));
        var instances = PathInstances.LoadAll(bench.Graphs, opened, plan.Paths, refreshing, near: place is { Nodes.Count: > 1 }, place?.TakeCores(plan));
        try
        {
            foreach (var instance in instances.SelectMany(path => path))
            {
                cancellation.ThrowIfCancellationRequested();
                Warm(instance, bench.Pool);
            }

            terminal.EndProgress();
            return new InProcessServer(plan.Scheduler, instances, clock, fault => terminal.Error($"a run failed: {fault.Message}"), spin, Mending(bench, terminal, log), ServiceExpectation.AllOf(plan));
        }
        catch
        {
            foreach (var instance in instances.SelectMany(path => path))
            {
                instance.Dispose();
            }

            throw;
        }
    }

    private static InstanceMending Mending(Workbench bench, Terminal terminal, ServerLog? log) => new()
    {
        Renew = failed =>
        {
            var fresh = failed.Renew();
            try
            {
                Warm(fresh, bench.Pool);
                return fresh;
            }
            catch
            {
                fresh.Dispose();
                throw;
            }
        },
        OnReplaced = name =>
        {
            log?.Write("instance-replaced", json => json.WriteString("instance", name));
            terminal.Message($"{name} was replaced and takes queries again");
        },
        OnWithdrawn = (name, wait, why) =>
        {
            log?.Write("instance-withdrawn", json =>
            {
                json.WriteString("instance", name);
                json.WriteNumber("retryS", wait.TotalSeconds);
                json.WriteString("because", why.Message);
            });
            terminal.Error($"{name} takes no queries for {wait.TotalSeconds:F0} s, then it is loaded again: {why.Message}");
        },
    };

    /// <summary>The largest run touches the memory that smaller ones use; a spread of sizes leaves nothing large for the first queries.</summary>
    private static void Warm(PathInstance instance, FeatureBatch pool)
    {
        for (var batch = instance.MaxBatch; batch >= 1; batch /= 2)
        {
            instance.Begin();
            instance.Add(pool, 0, Math.Min(batch, pool.Samples));
            instance.Pool();
            instance.Score();
        }
    }

    private sealed class ShareLine(Terminal terminal, string stage) : IProgress<double>
    {
        public void Report(double value) => terminal.Progress(FormattableString.Invariant($"{100 * value,3:F0} %  {stage}"));
    }
}
