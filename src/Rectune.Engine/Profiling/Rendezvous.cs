namespace Rectune.Engine.Profiling;

/// <summary>
/// Threads that go on together, as often as they like. Whoever waits sleeps at once: the library's barrier spins and yields first, and on a machine whose cores are all busy with measured runs every
/// yield of the waiting thread takes one of them a core for some milliseconds.
/// </summary>
internal sealed class Rendezvous(int participants)
{
    private readonly object gate = new();
    private int arrived;
    private long round;

    /// <summary>Returns once all have come.</summary>
    public void Meet()
    {
        lock (gate)
        {
            if (++arrived == participants)
            {
                arrived = 0;
                round++;
                Monitor.PulseAll(gate);
                return;
            }

            for (var mine = round; round == mine;)
            {
                Monitor.Wait(gate);
            }
        }
    }
}
