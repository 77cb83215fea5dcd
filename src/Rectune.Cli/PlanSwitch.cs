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
        try
        {
            target = new SwitchingTarget(serve(first, bench));
        }
        catch
        {
            bench.Dispose();
            throw;
        }
    }

    public IQueryTarget Target => target;

    /// <summary>First address and bytes of the tables in memory.</summary>
    public IReadOnlyList<(long Start, long Bytes)> Tables => Volatile.Read(ref bench).Tables.Regions;

    public Plan Plan { get; private set; }

    /// <summary>Reads the file and puts its plan in the place of the one that is served; returns what is in the way, null where it was done.</summary>
    /// <param name="taken">Hears of the new plan once queries go to it.</param>
    public string? Reload(Action<Plan> taken)
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

                var nextBench = open(next);
                try
                {
                    target.Switch(serve(next, nextBench), patience);
                }
                catch
                {
                    nextBench.Dispose();
                    throw;
                }

                bench.Dispose();
                (bench, Plan) = (nextBench, next);
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
}
