using System.Runtime.ExceptionServices;

namespace Rectune.Engine.Kernels;

/// <summary>
/// Threads that wait for work cut into pieces: whoever is free takes the next piece, the caller included, so that no core idles while pieces are left. A
/// run allocates nothing and does not wait for threads that wake too late to help. One run at a time.
/// </summary>
public sealed class ThreadTeam : IDisposable
{
    /// <summary>
    /// Rounds of spinning before a thread parks: about 50 µs, some times what waking it again takes. A run that follows soon has all its threads at once: RM2's look-ups of one
    /// sample on two threads take 79 µs so, and 128 µs where the second has to be woken (two cores of an AMD EPYC under KVM).
    /// </summary>
    private const int SpinRounds = 200;

    /// <summary>Processor pauses of a round.</summary>
    private const int RoundPauses = 8;

    // The gate holds, from the low end: helpers inside the run, whether the run admits more, and the number of the run.
    private const long InsideMask = 0xFFFF;
    private const long Open = 0x1_0000;
    private const int RunShift = 17;

    private readonly Thread[] helpers;
    private readonly object parking = new();
    private long gate;
    private int parked;
    private bool stopping;

    private IPieceWork? work;
    private int pieces;
    private int nextPiece;
    private Exception? failure;

    /// <param name="threads">Threads that work, the caller's included.</param>
    /// <param name="cores">Each thread has a share of these; the caller's sees to its own, the first.</param>
    public ThreadTeam(int threads, CoreSet? cores = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, (int)InsideMask);
        helpers = new Thread[threads - 1];
        for (var i = 0; i < helpers.Length; i++)
        {
            var own = (cores ?? CoreSet.Any).Share(i + 1, threads);
            helpers[i] = new Thread(() => Help(own)) { IsBackground = true, Name = "team" };
            helpers[i].Start();
        }
    }

    /// <summary>Threads that work, the caller's included.</summary>
    public int Threads => helpers.Length + 1;

    /// <summary>Runs pieces 0 … <paramref name="count"/> − 1 and returns when all are done. After an exception no further piece starts, and it is thrown here.</summary>
    public void Run(IPieceWork pieceWork, int count)
    {
        ArgumentNullException.ThrowIfNull(pieceWork);
        ObjectDisposedException.ThrowIf(stopping, this);
        work = pieceWork;
        pieces = count;
        nextPiece = 0;
        failure = null;
        // Publishes the fields above. Every helper has left the run before, so the low bits are free.
        Interlocked.Exchange(ref gate, (((gate >> RunShift) + 1) << RunShift) | Open);
        if (count > 1 && Volatile.Read(ref parked) > 0)
        {
            lock (parking)
            {
                Monitor.PulseAll(parking);
            }
        }

        TakePieces();
        Interlocked.And(ref gate, ~Open);
        var wait = new SpinWait();
        while ((Volatile.Read(ref gate) & InsideMask) != 0)
        {
            // A helper is inside its last piece: too short a time to sleep a millisecond.
            wait.SpinOnce(sleep1Threshold: -1);
        }

        work = null;
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Ends the threads; returns when they have ended.</summary>
    public void Dispose()
    {
        lock (parking)
        {
            Volatile.Write(ref stopping, true);
            Monitor.PulseAll(parking);
        }

        foreach (var helper in helpers)
        {
            helper.Join();
        }
    }

    private void Help(CoreSet own)
    {
        own.BindCaller();
        var lastRun = 0L;
        while (WaitForRunAfter(lastRun))
        {
            lastRun = Volatile.Read(ref gate) >> RunShift;
            if (TryEnter(lastRun))
            {
                TakePieces();
                Interlocked.Decrement(ref gate);
            }
        }
    }

    /// <summary>False when the team ends.</summary>
    private bool WaitForRunAfter(long lastRun)
    {
        for (var round = 0; round < SpinRounds && !IsCalled(lastRun); round++)
        {
            Thread.SpinWait(RoundPauses);
        }

        if (!IsCalled(lastRun))
        {
            lock (parking)
            {
                // Announced before the last look at the gate, as the caller opens the gate before it looks for the parked: one of the two sees the other.
                Interlocked.Increment(ref parked);
                while (!IsCalled(lastRun))
                {
                    Monitor.Wait(parking);
                }

                Interlocked.Decrement(ref parked);
            }
        }

        return !Volatile.Read(ref stopping);
    }

    private bool IsCalled(long lastRun) => Volatile.Read(ref gate) >> RunShift != lastRun || Volatile.Read(ref stopping);

    private bool TryEnter(long run)
    {
        while (true)
        {
            var seen = Volatile.Read(ref gate);
            if (seen >> RunShift != run || (seen & Open) == 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref gate, seen + 1, seen) == seen)
            {
                return true;
            }
        }
    }

    private void TakePieces()
    {
        try
        {
            while (Volatile.Read(ref failure) is null)
            {
                var piece = Interlocked.Increment(ref nextPiece) - 1;
                if (piece >= pieces)
                {
                    return;
                }

                work!.RunPiece(piece);
            }
        }
        catch (Exception thrown)
        {
            Interlocked.CompareExchange(ref failure, thrown, null);
        }
    }
}
