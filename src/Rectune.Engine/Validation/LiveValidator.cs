using Rectune.Core.Domain;
using Rectune.Core.Workloads;
using Rectune.Engine.Data;
using Rectune.Engine.Serving;
using Rectune.Engine.Sessions;

namespace Rectune.Engine.Validation;

/// <summary>Holds a promise against live open-loop load (<see cref="LiveLoad"/>): the paths are loaded and served in process.</summary>
public sealed class LiveValidator(
    ModelGraphs graphs, TableStore tables, FeatureBatch pool, IArrivals arrivals, IQuerySizes sizes, ulong seed, TimeProvider clock, IProgress<ValidationProgress> progress)
    : IPlanValidator
{
    private readonly LiveLoad load = new(pool, arrivals, sizes, seed, clock, progress);

    public Core.Domain.Validation Validate(
        IReadOnlyList<ServingPath> paths, SchedulerSettings scheduler, Sla sla, double qps, double budgetSeconds, LoadLength length, int look, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(scheduler);
        var opened = tables.OpenAll([.. paths.Select(path => (graphs.Design(path.Configuration.Representation), path.Configuration))], new Progress<double>(), cancellation);
        Exception? fault = null;
        using var server = new InProcessServer(scheduler, PathInstances.LoadAll(graphs, opened, paths), clock, e => Interlocked.CompareExchange(ref fault, e, null));
        var validation = Drive(server, paths, sla, qps, budgetSeconds, length, look, cancellation);
        return fault is null ? validation : validation with { Because = $"{validation.Because}; runs failed, the first with: {fault.Message}" };
    }

    /// <summary>Judges <paramref name="target"/>, behind which are <paramref name="paths"/>, under load at <paramref name="qps"/>; see <see cref="LiveLoad.Drive"/>.</summary>
    public Core.Domain.Validation Drive(IQueryTarget target, IReadOnlyList<ServingPath> paths, Sla sla, double qps, double budgetSeconds, LoadLength length, int look, CancellationToken cancellation) =>
        load.Drive(target, paths, sla, qps, budgetSeconds, length, look, LiveLoad.Patience(sla), cancellation);
}
