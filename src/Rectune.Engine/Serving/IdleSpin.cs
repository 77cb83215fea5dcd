namespace Rectune.Engine.Serving;

/// <summary>How instances without work look for some before their threads sleep: waking a thread takes 10 to 100 us, looking keeps a core busy.</summary>
/// <param name="clock">Of the instants handed in.</param>
/// <param name="spin">How long; zero for not at all.</param>
internal sealed class IdleSpin(TimeProvider clock, TimeSpan spin)
{
    /// <summary>Between two looks.</summary>
    private const int SpinsAtOnce = 8;

    private readonly double nsPerTick = 1e9 / clock.TimestampFrequency;
    private readonly double spinNs = spin.TotalNanoseconds;
    private int news;

    public bool IsOff => spinNs <= 0;

    /// <summary>Changes with whatever an instance that looks must see.</summary>
    public int News => Volatile.Read(ref news);

    /// <summary>The caller serialises the calls.</summary>
    public void Tell() => Volatile.Write(ref news, news + 1);

    /// <summary>Looks for anything new since <paramref name="seen"/>; true where there was, or where <paramref name="wakeNs"/> came, before the time was over.</summary>
    public bool Finds(int seen, long wakeNs)
    {
        var end = NowNs() + spinNs;
        while (News == seen)
        {
            var now = NowNs();
            if (now >= wakeNs)
            {
                return true;
            }

            if (now >= end)
            {
                return false;
            }

            // Whoever else has something to do on this core goes first.
            if (!Thread.Yield())
            {
                Thread.SpinWait(SpinsAtOnce);
            }
        }

        return true;
    }

    private double NowNs() => clock.GetTimestamp() * nsPerTick;
}
