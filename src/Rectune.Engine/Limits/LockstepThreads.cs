namespace Rectune.Engine.Limits;

/// <summary>Threads that all take part in every step, each with its own share, and stay for the next: a timed step waits for none to be made. The caller is the first of them.</summary>
internal sealed class LockstepThreads : IDisposable
{
    private readonly Barrier begin;
    private readonly Barrier end;
    private readonly Thread[] others;
    private Action<int>? work;

    public LockstepThreads(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        Threads = threads;
        begin = new Barrier(threads);
        end = new Barrier(threads);
        others = new Thread[threads - 1];
        for (var i = 0; i < others.Length; i++)
        {
            var member = i + 1;
            others[i] = new Thread(() => Serve(member)) { IsBackground = true, Name = $"team {member}" };
            others[i].Start();
        }
    }

    public int Threads { get; }

    /// <summary>Runs <paramref name="step"/> on every thread with the thread's number, from 0; returns when all are done.</summary>
    public void Run(Action<int> step)
    {
        if (Threads == 1)
        {
            step(0);
            return;
        }

        work = step;
        begin.SignalAndWait();
        step(0);
        end.SignalAndWait();
    }

    public void Dispose()
    {
        work = null;
        begin.SignalAndWait();
        foreach (var other in others)
        {
            other.Join();
        }

        begin.Dispose();
        end.Dispose();
    }

    private void Serve(int member)
    {
        while (true)
        {
            begin.SignalAndWait();
            if (work is not { } step)
            {
                return;
            }

            step(member);
            end.SignalAndWait();
        }
    }
}
