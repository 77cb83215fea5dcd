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

    public IReadOnlyList<PathUse> UseOfPaths() => Volatile.Read(ref current).UseOfPaths();

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
    /// <exception cref="ObjectDisposedException">Closed already; <paramref name="next"/> is the caller's still.</exception>
    public bool Switch(InProcessServer next, TimeSpan patience)
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
