using Rectune.Core.Domain;
using Rectune.Engine.Serving;

namespace Rectune.Cli;

/// <summary>Serves a plan, and later what its file has become, without a query that fails for it. Both are in memory while one takes over from the other.</summary>
internal sealed class PlanSwitch : IDisposable
{
    private readonly Func<Plan> read;
    private readonly Func<Plan, Workbench> open;
    private readonly Func<Plan, Workbench, InProcessServer> serve;
    private readonly TimeSpan patience;
    private readonly object switching = new();
    private readonly SwitchingTarget target;
    private Workbench bench;
    private bool disposed;

    /// <param name="first">Served until another is asked for.</param>
    /// <param name="read">The plan's file as it is.</param>
    /// <param name="open">What a plan needs beside its paths.</param>
    /// <param name="serve">Loads a plan's paths.</param>
    /// <param name="patience">How long queries of a plan that is left may take to finish.</param>
    public PlanSwitch(Plan first, Func<Plan> read, Func<Plan, Workbench> open, Func<Plan, Workbench, InProcessServer> serve, TimeSpan patience)
    {
        (Plan, this.read, this.open, this.serve, this.patience) = (first, read, open, serve, patience);
        bench = open(first);
        target = new SwitchingTarget(Loaded(first, bench));
    }

    public IQueryTarget Target => target;

    /// <summary>First address and bytes of the tables in memory.</summary>
    public IReadOnlyList<(long Start, long Bytes)> Tables => Volatile.Read(ref bench).Tables.Regions;

    public Plan Plan { get; private set; }

    /// <summary>Reads the file and puts its plan in the place of the one that is served; returns what is in the way, null where it was done.</summary>
    /// <param name="switched">Hears of the new plan in the moment in which queries begin to go to it, and must be short: what its paths have done is told from then on.</param>
    /// <param name="taken">Hears of it once nothing of the one before is left.</param>
    public string? Reload(Action<Plan> switched, Action<Plan> taken)
    {
        if (!Monitor.TryEnter(switching))
        {
            return "another plan is being loaded, or the server is closing";
        }

        try
        {
            if (disposed)
            {
                return "the server is closing";
            }

            try
            {
                var next = read();
                if (next.Model.Sha256 != Plan.Model.Sha256 || next.Model.Weights != Plan.Model.Weights)
                {
                    return $"the plan is of {next.Model.Name} with weights {next.Model.Weights}, expected {Plan.Model.Name} with {Plan.Model.Weights}: start another server for it";
                }

                var (left, nextBench) = (bench, open(next));
                target.Switch(Loaded(next, nextBench), patience, () =>
                {
                    (bench, Plan) = (nextBench, next);
                    switched(next);
                });
                left.Dispose();
                taken(next);
                return null;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Whatever it is, the plan that is served goes on.
                return e.Message;
            }
        }
        finally
        {
            Monitor.Exit(switching);
        }
    }

    public void Dispose()
    {
        lock (switching)
        {
            if (!disposed)
            {
                disposed = true;
                target.Dispose();
                bench.Dispose();
            }
        }
    }

    /// <summary>What a plan needs is let go of where its paths cannot be loaded.</summary>
    private InProcessServer Loaded(Plan plan, Workbench opened)
    {
        try
        {
            return serve(plan, opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }
}
