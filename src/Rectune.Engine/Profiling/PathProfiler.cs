using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Engine.Data;
using Rectune.Engine.Sessions;

namespace Rectune.Engine.Profiling;

/// <summary>
/// Measures configurations at batch sizes. Those that share rows form a group and are visited in interleaved rounds, in a new order each round, so that drift
/// of the machine hits all alike; a cell leaves the rounds when its median is known well enough, a little later where its tail is wide. Only one representation's rows, in one precision, are in memory at a time.
/// </summary>
public sealed class PathProfiler : IPathMeasurer
{
    private const ulong OrderPurpose = 0x4F72646572;

    /// <summary>For the code of a process to be compiled at its best.</summary>
    private static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(1.5);

    /// <summary>The same of the little that another group has of its own, of its share.</summary>
    private const double SettlingShare = 0.05;

    private readonly ModelGraphs graphs;
    private readonly TableStore tables;
    private readonly FeatureBatch pool;
    private readonly ScoreComparison comparison;
    private readonly MeasuredContext context;
    private readonly ProfilerSettings settings;
    private readonly TimeProvider clock;
    private readonly IProgress<ProfilingProgress> progress;
    private readonly OperatorProbe operators;
    private readonly Yardstick yardstick;
    private readonly Action<Configuration, bool>? underWay;
    private TimeSpan budget;
    private TimeSpan spent;
    private bool compiled;

    /// <summary>Time that operators took of the group under way: not of its share.</summary>
    private TimeSpan probing;

    /// <param name="underWay">Hears of every configuration just before it is loaded or run, and of the first of those that share rows, with true, before these are generated; must cost next to nothing.</param>
    public PathProfiler(
        ModelGraphs graphs,
        TableStore tables,
        FeatureBatch pool,
        MeasuredContext context,
        ProfilerSettings settings,
        TimeProvider clock,
        IProgress<ProfilingProgress> progress,
        Action<Configuration, bool>? underWay = null)
    {
        this.underWay = underWay;
        this.graphs = graphs;
        this.tables = tables;
        this.pool = pool;
        this.context = context;
        this.settings = settings;
        this.clock = clock;
        this.progress = progress;
        comparison = new ScoreComparison(graphs, tables, pool);
        operators = new OperatorProbe(graphs, pool);
        yardstick = new Yardstick(clock);
    }

    public void Measure(IReadOnlyList<Configuration> configurations, IReadOnlyList<int> batches, double seconds, IMeasurementSink sink, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(configurations);
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(sink);
        var groups = configurations.GroupBy(c => (Id: c.Representation.Id(), c.TablePrecision, c.Placement)).OrderBy(g => g.Key.TablePrecision).ToArray();

        // What comes first in a process meets its code still being compiled: not the same rows in every process.
        var first = ((context.Launch?.Number ?? 1) - 1) % Math.Max(1, groups.Length);
        groups = [.. groups[first..], .. groups[..first]];
        budget = TimeSpan.FromSeconds(seconds);
        spent = TimeSpan.Zero;
        var total = configurations.Count * batches.Count;
        var settled = 0;
        for (var i = 0; i < groups.Length; i++)
        {
            var left = budget - spent;
            var share = left * ((double)groups[i].Count() / groups[i..].Sum(g => g.Count()));
            settled += MeasureGroup([.. groups[i]], batches, share, new Count(settled, total), sink, cancellation);
        }
    }

    private int MeasureGroup(
        Configuration[] group, IReadOnlyList<int> batches, TimeSpan share, Count count, IMeasurementSink sink, CancellationToken cancellation)
    {
        var name = $"{group[0].Representation.Id()} {group[0].TablePrecision.Name()}{(group[0].Placement == TablePlacement.Host ? "" : " " + group[0].Placement)}";
        progress.Report(new ProfilingProgress($"generating {name} rows", count.Settled, count.Cells, null));
        underWay?.Invoke(group[0], true);
        var opened = tables.Open(graphs.Design(group[0].Representation), group[0], new Progress<double>(), cancellation);
        var changes = new Dictionary<(string Dense, string Variant, long CacheBytes, int Centroids), double>();
        List<Cell> cells = [];
        var loaded = new List<LoadedConfiguration>();
        try
        {
            foreach (var configuration in group)
            {
                try
                {
                    underWay?.Invoke(configuration, false);
                    var form = FormOf(configuration);
                    if (settings.CompareScores && !changes.ContainsKey(form))
                    {
                        changes[form] = comparison.LargestChange(opened, configuration);
                    }

                    loaded.Add(new LoadedConfiguration(configuration, graphs, opened, pool, batches.Max(), clock));
                }
                catch (Microsoft.ML.OnnxRuntime.OnnxRuntimeException e)
                {
                    sink.Failed(configuration, e.Message);
                }
            }

            cells = loaded.SelectMany(l => batches.Select(b => new Cell(l, b))).ToList();
            var start = clock.GetTimestamp();
            probing = TimeSpan.Zero;
            CompilationSettling.Await(() => RunAll(loaded, batches.Min(), cancellation), compiled ? share * SettlingShare : LongestSettling, clock);
            compiled = true;
            yardstick.Restart();
            var order = SplitMix64.For(StableHash.Of(name), OrderPurpose);
            while (cells.Count > 0)
            {
                cancellation.ThrowIfCancellationRequested();

                // Visited before the time is looked at: a group whose share is already spent still gets one visit to every cell.
                var broken = Round(cells, ref order, sink, share + probing, start);
                cells.RemoveAll(cell => broken.Contains(cell.Loaded));
                var elapsed = clock.GetElapsedTime(start) - probing;
                var outOfTime = elapsed >= share;
                for (var i = cells.Count - 1; i >= 0; i--)
                {
                    if (outOfTime || IsSettled(cells[i]))
                    {
                        HandOver(cells[i], ChangeOf(cells[i]), OperatorsOf(cells[i]), sink);
                        cells.RemoveAt(i);
                    }
                }

                var done = count.Settled + (group.Length * batches.Count) - cells.Count;
                progress.Report(new ProfilingProgress($"measuring {name} paths", done, count.Cells, Remaining(elapsed, share, done, count.Cells)));
            }

            spent += clock.GetElapsedTime(start) - probing;
        }
        catch (OperationCanceledException)
        {
            // What has been measured so far is kept, with the wider interval that it has.
            foreach (var cell in cells.Where(cell => cell.Runs > 0))
            {
                HandOver(cell, ChangeOf(cell), null, sink);
            }

            throw;
        }
        finally
        {
            foreach (var configuration in loaded)
            {
                configuration.Dispose();
            }
        }

        return group.Length * batches.Count;

        IReadOnlyList<OperatorTime>? OperatorsOf(Cell cell)
        {
            if (!settings.Operators || cell.Runs == 0 || cancellation.IsCancellationRequested)
            {
                return null;
            }

            underWay?.Invoke(cell.Loaded.Configuration, false);
            var begun = clock.GetTimestamp();
            var times = operators.Measure(opened, cell.Loaded.Configuration, cell.Batch);
            probing += clock.GetElapsedTime(begun);
            return times;
        }

        double? ChangeOf(Cell cell) => changes.TryGetValue(FormOf(cell.Loaded.Configuration), out var change) ? change : null;
    }

    /// <summary>What decides scores over the same rows. A cache does where the ids that it leaves out are not decoded.</summary>
    private static (string Dense, string Variant, long CacheBytes, int Centroids) FormOf(Configuration configuration) =>
        (configuration.DensePrecision, configuration.GraphVariant, configuration.Centroids is null ? 0 : configuration.CacheBytes, configuration.Centroids ?? 0);

    private void RunAll(IReadOnlyList<LoadedConfiguration> loaded, int batch, CancellationToken cancellation)
    {
        foreach (var configuration in loaded)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                underWay?.Invoke(configuration.Configuration, false);
                configuration.Visit(batch, settings.Visit, settings.WarmUpRuns);
            }
            catch (InvalidOperationException)
            {
                // Its first recorded visit fails as well, and says so.
            }
        }
    }

    private void HandOver(Cell cell, double? scoreChange, IReadOnlyList<OperatorTime>? operatorTimes, IMeasurementSink sink)
    {
        if (cell.Runs > 0)
        {
            sink.Measured(cell.ToRow(context, yardstick.MedianUs, scoreChange, operatorTimes, Timestamp()));
        }
        else
        {
            sink.Failed(cell.Loaded.Configuration, $"batch {cell.Batch}: no run within the budget");
        }
    }

    /// <summary>Visits every one of <paramref name="cells"/>, in a new order; returns what could not run.</summary>
    private HashSet<LoadedConfiguration> Round(List<Cell> cells, ref SplitMix64 order, IMeasurementSink sink, TimeSpan share, long start)
    {
        for (var i = cells.Count - 1; i > 0; i--)
        {
            var j = (int)order.NextInt64(i + 1);
            (cells[i], cells[j]) = (cells[j], cells[i]);
        }

        HashSet<LoadedConfiguration> broken = [];
        foreach (var cell in cells)
        {
            if (broken.Contains(cell.Loaded) || (cell.Rounds > 0 && clock.GetElapsedTime(start) >= share))
            {
                continue;
            }

            try
            {
                underWay?.Invoke(cell.Loaded.Configuration, false);
                yardstick.Measure();
                var stealBefore = ThreadDisturbance.StealMs();
                var recorders = cell.Loaded.Visit(cell.Batch, settings.Visit, settings.WarmUpRuns);
                cell.Take(recorders, ThreadDisturbance.StealMs() - stealBefore, yardstick.SlowedSinceLast());
            }
            catch (InvalidOperationException e)
            {
                sink.Failed(cell.Loaded.Configuration, e.Message);
                broken.Add(cell.Loaded);
            }
        }

        return broken;
    }

    private bool IsSettled(Cell cell) =>
        cell.Rounds >= settings.MinimumRounds
        && cell.Undisturbed >= settings.MinimumRuns
        && cell.RelativeError(0.5) <= settings.TargetRelativeError
        && (cell.Rounds >= settings.MostTailRounds || cell.RelativeError(0.99) <= settings.TargetTailRelativeError);

    private double Remaining(TimeSpan elapsed, TimeSpan share, int done, int cells)
    {
        var thisGroup = Math.Max(0, (share - elapsed).TotalSeconds);
        return done >= cells ? 0 : Math.Min(Math.Max(0, (budget - spent - elapsed).TotalSeconds), Math.Max(thisGroup, 0) + Math.Max(0, (budget - spent - share).TotalSeconds));
    }

    private string Timestamp() => clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ");

    private readonly record struct Count(int Settled, int Cells);
}
