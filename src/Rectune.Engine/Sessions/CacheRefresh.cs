namespace Rectune.Engine.Sessions;

/// <summary>A thread that lets a cache follow what is asked for, and keeps to a small share of a core while it decodes.</summary>
internal sealed class CacheRefresh : IDisposable
{
    /// <summary>Ids decoded between two pauses: below a millisecond of the largest published decoders, so that no run waits long for the core.</summary>
    private const int AtATime = 32;

    /// <summary>Time it rests for each that it works: a twentieth of a core is then the most it takes.</summary>
    private const int RestShare = 19;

    private readonly ManualResetEventSlim stopping = new();
    private readonly Thread thread;

    public CacheRefresh(VectorCache cache, CacheRefreshing settings)
    {
        thread = new Thread(() => Run(cache, settings)) { IsBackground = true, Name = "cache-refresh" };
        thread.Start();
    }

    /// <summary>Ends the thread; returns when it has ended.</summary>
    public void Dispose()
    {
        stopping.Set();
        thread.Join();
        stopping.Dispose();
    }

    private void Run(VectorCache cache, CacheRefreshing settings)
    {
        try
        {
            while (!stopping.Wait(settings.Period))
            {
                var begun = settings.Clock.GetTimestamp();
                cache.Refresh(AtATime, () =>
                {
                    if (stopping.Wait(settings.Clock.GetElapsedTime(begun) * RestShare))
                    {
                        throw new OperationCanceledException();
                    }

                    begun = settings.Clock.GetTimestamp();
                });
            }
        }
        catch (OperationCanceledException)
        {
            // The instances are gone, and with them whoever would read the next version.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            settings.OnFault(e);
        }
    }
}
