using Rectune.Core.Domain;
using Rectune.Core.Workloads;
using Rectune.Engine.Data;
using Rectune.Engine.Sessions;

namespace Rectune.Cli;

/// <summary>Everything live behind one model on this machine: candidates, graphs, rows (of what is measured or served together).</summary>
internal sealed class Workbench : IDisposable
{
    private readonly OpenedModel opened;
    private readonly RowEvaluator evaluator;
    private readonly Lazy<CandidatePool> candidatePool;
    private readonly Workload? workload;
    private readonly QueryLoad? load;
    private readonly Machine? machine;

    private Workbench(OpenedModel opened, Lazy<CandidatePool> candidatePool, Workload? workload, QueryLoad? load, Machine? machine, int threads, string? tableFolder, string? sharedFolder = null)
    {
        this.opened = opened;
        this.candidatePool = candidatePool;
        (this.workload, this.load, this.machine) = (workload, load, machine);
        evaluator = new RowEvaluator(Graphs);
        Tables = new TableStore(opened.Values, threads, evaluator, FolderOf(tableFolder), FolderOf(sharedFolder), () => candidatePool.Value.Popular);
    }

    public PlanModel Model => opened.Model;

    /// <summary>Drawn when first asked for: planning from known measurements needs none.</summary>
    public FeatureBatch Pool => candidatePool.Value.Features;

    public Workload Workload => workload ?? throw new InvalidOperationException("a measuring process has no workload");

    public QueryLoad Load => load ?? throw new InvalidOperationException("only planning and verifying have queries of their own");

    public Machine Machine => machine ?? throw new InvalidOperationException("a measuring process is told what it needs to know of its machine");

    public ModelGraphs Graphs => opened.Graphs;

    public TableStore Tables { get; }

    /// <summary>For a new plan: the model as named, candidates from data, from the skew asked for, or from the card's.</summary>
    public static Workbench ForPlanning(
        ModelChoice choice, string? dataFile, IndexSkew? asked, QueryLoad load, ulong seed, Machine machine, string? tableFolder, CancellationToken cancellation)
    {
        var model = OpenedModel.Open(choice, seed);
        try
        {
            var (pool, skew) = CandidateSource.Open(model.Model.Card, dataFile, asked, seed, cancellation);
            if (pool.IsValueCreated)
            {
                CheckPool(pool.Value.Features, load.Sizes, dataFile);
            }

            return new Workbench(model, pool, load.With(skew), load, machine, machine.Cpu.Cores, tableFolder);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>For a process that measures: the model, weights and candidates of the one that started it.</summary>
    public static Workbench ForLaunch(LaunchRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var candidates = CandidateSource.Reopen(request.Model.Card, request.Skew, request.Seed, dataFile: null, samples: null, cancellation);
        return new Workbench(
            OpenedModel.Reopen(request.Model), new Lazy<CandidatePool>(candidates), workload: null, load: null, machine: null, Environment.ProcessorCount, request.TableFolder, request.SharedFolder);
    }

    /// <summary>For a plan that exists: the same model, weights, candidates and workload.</summary>
    public static Workbench ForPlan(Plan plan, string? dataFile, ArrivalsChoice? movedArrivals, Machine machine, string? tableFolder, CancellationToken cancellation)
    {
        var planned = QueryLoad.Of(plan.Workload, movedArrivals);
        var candidates = CandidateSource.Reopen(plan, dataFile, samples: null, cancellation);
        return new Workbench(OpenedModel.Reopen(plan.Model), new Lazy<CandidatePool>(candidates), plan.Workload, planned, machine, machine.Cpu.Cores, tableFolder);
    }

    /// <summary>
    /// For serving: requests bring their own features, so a few candidates for warming up suffice. A plan's trace is small beside its tables and read again all the
    /// same, since the promise holds for its skew; a click log is not.
    /// </summary>
    public static Workbench ForServing(Plan plan, string? traceFile, Machine machine, string? tableFolder, CancellationToken cancellation)
    {
        var traced = plan.Workload.Skew.Kind == SkewKind.Trace;
        if (traceFile is not null && !traced)
        {
            throw new InvalidInputException("--data", "the plan was made without a trace, and serving needs no click log", "leave it out");
        }

        var warmUp = traced
            ? CandidateSource.Reopen(plan, traceFile, plan.Scheduler.MaxBatch, cancellation)
            : CandidatePool.Synthetic(plan.Model.Card, SkewText.Of(0, Provenance.Assumed), plan.Seed, machine.Cpu.Cores, plan.Scheduler.MaxBatch) with { Popular = DrawnPopular(plan) };
        return new Workbench(OpenedModel.Reopen(plan.Model), new Lazy<CandidatePool>(warmUp), plan.Workload, load: null, machine, machine.Cpu.Cores, tableFolder);
    }

    /// <summary>Refuses a plan of another machine or runtime unless the user allows it.</summary>
    public static void RequireFresh(Plan plan, Machine machine, bool allowStale)
    {
        if (allowStale || plan.Machines.Any(m => m.Fingerprint == machine.Fingerprint && m.Runtime.Fingerprint() == machine.Runtime.Fingerprint()))
        {
            return;
        }

        var planned = plan.Machines[0];
        var differences = new List<string>();
        Differ("processor", planned.Cpu.Name, machine.Cpu.Name);
        Differ("cores", $"{planned.Cpu.Cores}", $"{machine.Cpu.Cores}");
        Differ("memory", $"{new Core.Units.ByteSize(planned.MemoryBytes)}", $"{new Core.Units.ByteSize(machine.MemoryBytes)}");
        Differ("runtime", planned.Runtime.Fingerprint(), machine.Runtime.Fingerprint());
        Differ("fingerprint", planned.Fingerprint[..12], machine.Fingerprint[..12]);
        throw new StalePlanException(
            $"The plan was made for another machine or runtime: {string.Join("; ", differences)}. Its promise does not hold here: plan again on this machine, or insist with --allow-stale.");

        void Differ(string what, string there, string here)
        {
            if (there != here)
            {
                differences.Add($"{what}: planned for {there}, found {here}");
            }
        }
    }

    public void Dispose()
    {
        Tables.Dispose();
        evaluator.Dispose();
        opened.Dispose();
    }

    private TableFolder? FolderOf(string? path) => path is null ? null : new TableFolder(path, $"{opened.Model.Weights} {opened.Model.Sha256}");

    /// <summary>Of the candidates that the plan was made with, where they were drawn. Which ids a click log uses most is not known without reading it: caches begin empty then.</summary>
    private static PopularIds? DrawnPopular(Plan plan) =>
        plan.Workload.Skew.Kind is SkewKind.Uniform or SkewKind.Zipf ? PopularIds.Drawn(plan.Model.Card, plan.Workload.Skew, plan.Seed) : null;

    private static void CheckPool(FeatureBatch pool, IQuerySizes sizes, string? dataFile)
    {
        if (pool.Samples < sizes.Maximum)
        {
            throw new InvalidInputException(
                $"--data {dataFile}",
                $"found {pool.Samples} rows, expected at least {sizes.Maximum}, the largest query of the workload {sizes.Name}",
                "use a longer click log or --workload with smaller queries");
        }
    }
}
