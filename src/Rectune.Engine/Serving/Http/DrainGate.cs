namespace Rectune.Engine.Serving.Http;

/// <summary>Counts queries in flight and, once closed, lets none in and says when the last is out. Safe for concurrent use.</summary>
public sealed class DrainGate
{
    private readonly TaskCompletionSource empty = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int inFlight;
    private int closed;

    public int InFlight => Volatile.Read(ref inFlight);

    public bool IsClosed => Volatile.Read(ref closed) != 0;

    /// <summary>Completes when the gate is closed and nothing is in flight.</summary>
    public Task Empty => empty.Task;

    public bool TryEnter()
    {
        Interlocked.Increment(ref inFlight);
        if (!IsClosed)
        {
            return true;
        }

        Exit();
        return false;
    }

    public void Exit()
    {
        if (Interlocked.Decrement(ref inFlight) == 0 && IsClosed)
        {
            empty.TrySetResult();
        }
    }

    public void Close()
    {
        // A full fence: whoever entered before it is counted, whoever enters after it sees the gate closed.
        Interlocked.Exchange(ref closed, 1);
        if (InFlight == 0)
        {
            empty.TrySetResult();
        }
    }
}
