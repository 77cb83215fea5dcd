using Rectune.Core.Domain;

namespace Rectune.Engine.Serving;

/// <summary>
/// Queries go to one server, and from some moment on to another, without one that fails or is refused for it: the old one answers what it has taken in. Safe for concurrent use; allocates nothing per
/// query.
/// </summary>
public sealed class SwitchingTarget : IQueryTarget, IDisposable
{
    private readonly Lock switching = new();
    private readonly Lock counting = new();
    private InProcessServer current;
    private InProcessServer? leaving;
    private long replacedBefore;
    private bool disposed;

    /// <param name="first">Owned from here on, as all that follow it.</param>
    public SwitchingTarget(InProcessServer first)
    {
        ArgumentNullException.ThrowIfNull(first);
        current = first;
    }

    public Admission Submit(FeatureBatch source, int start, int count, IQueryObserver observer, long tag, QueryTerms terms = default)
    {
        while (true)
        {
            var server = Volatile.Read(ref current);
            var admission = server.Submit(source, start, count, observer, tag, terms);

            // Whoever looked just before the switch may find the old one closing.
            if (admission != Admission.Closing || ReferenceEquals(server, Volatile.Read(ref current)))
            {
                return admission;
            }
        }
    }

    /// <summary>Of the server that queries go to now.</summary>
    public IReadOnlyList<PathUse> UseOfPaths()
    {
        lock (counting)
        {
            return current.UseOfPaths();
        }
    }

    /// <summary>Of all servers so far.</summary>
    public long InstancesReplaced
    {
        get
        {
            lock (counting)
            {
                return replacedBefore + current.InstancesReplaced + (leaving?.InstancesReplaced ?? 0);
            }
        }
    }

    /// <summary>
    /// Sends queries to <paramref name="next"/> from now on, waits until the old server has answered what it has or <paramref name="patience"/> is over, and closes it; what is then left in it fails.
    /// True when nothing was.
    /// </summary>
    /// <param name="next">Owned from here on.</param>
    /// <param name="patience">Of queries that the old server has.</param>
    /// <param name="switched">
    /// Called once queries go to <paramref name="next"/>, before anybody hears from <see cref="UseOfPaths"/> what it has done: whoever tells which paths are served does so here. Nobody hears anything
    /// meanwhile, so that it must be short, and it must not throw.
    /// </param>
    /// <exception cref="ObjectDisposedException">Closed already; <paramref name="next"/> is the caller's still.</exception>
    public bool Switch(InProcessServer next, TimeSpan patience, Action? switched = null)
    {
        ArgumentNullException.ThrowIfNull(next);
        lock (switching)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var old = current;
            lock (counting)
            {
                leaving = old;
                Volatile.Write(ref current, next);
                switched?.Invoke();
            }

            var answered = old.Drain(patience);
            old.Dispose();
            lock (counting)
            {
                replacedBefore += old.InstancesReplaced;
                leaving = null;
            }

            return answered;
        }
    }

    public void Dispose()
    {
        lock (switching)
        {
            if (!disposed)
            {
                disposed = true;
                current.Dispose();
            }
        }
    }
}
