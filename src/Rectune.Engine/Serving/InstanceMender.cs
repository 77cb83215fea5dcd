namespace Rectune.Engine.Serving;

/// <summary>Replaces instances that failed: at once, or after a wait where that did not help. Safe for concurrent use by different workers.</summary>
internal sealed class InstanceMender(InstanceMending mending, TimeProvider clock) : IDisposable
{
    private readonly CancellationTokenSource closed = new();
    private readonly long start = clock.GetTimestamp();
    private long replaced;

    /// <summary>Instances replaced so far.</summary>
    public long Replaced => Interlocked.Read(ref replaced);

    /// <summary>Puts another instance in the place of the one that failed, on the calling thread; false when the server closes before there is one.</summary>
    /// <param name="withdraw">Called before every wait: nobody must wait for the worker any more.</param>
    /// <param name="giveBack">Called once there is another: the worker takes runs again.</param>
    /// <param name="hasLimits">Queries must be answered in time, which loading an instance may take longer than: it is withdrawn before it is first replaced too.</param>
    public bool TryMend(InstanceWorker worker, Action<InstanceWorker> withdraw, Action<InstanceWorker> giveBack, bool hasLimits)
    {
        while (true)
        {
            var wait = worker.Backoff.Failed(clock.GetElapsedTime(start));
            if (hasLimits || wait > TimeSpan.Zero || closed.IsCancellationRequested)
            {
                withdraw(worker);
            }

            if (closed.IsCancellationRequested)
            {
                return false;
            }

            if (wait > TimeSpan.Zero)
            {
                Tell(() => mending.OnWithdrawn?.Invoke(worker.Name, wait, worker.Failure!));
                if (!TryWait(wait))
                {
                    return false;
                }
            }

            try
            {
                worker.Renew(mending.Renew);
                break;
            }
            catch (Exception e)
            {
                worker.Failure = e;
            }
        }

        worker.Backoff.Returned(clock.GetElapsedTime(start));
        giveBack(worker);
        Interlocked.Increment(ref replaced);
        Tell(() => mending.OnReplaced?.Invoke(worker.Name));
        return true;
    }

    /// <summary>Waits for nothing any more.</summary>
    public void Close() => closed.Cancel();

    /// <summary>After all workers have ended.</summary>
    public void Dispose() => closed.Dispose();

    private static void Tell(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception)
        {
            // Whoever listens may lack the memory that the instance lacked; serving goes on.
        }
    }

    private bool TryWait(TimeSpan time)
    {
        try
        {
            Task.Delay(time, clock, closed.Token).GetAwaiter().GetResult();
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
