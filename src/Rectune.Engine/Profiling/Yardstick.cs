namespace Rectune.Engine.Profiling;

/// <summary>
/// A fixed piece of work of about 100 µs: arithmetic over a block larger than the first two caches, so that a slower clock, a busier cache, a busier sibling core or a busier
/// memory bus shows. Measured before and after every visit; it ties groups of measurements together.
/// </summary>
internal sealed class Yardstick
{
    /// <summary>
    /// Times its usual time beyond which the machine is not itself. What slows it less hides among a yardstick's own differences from one time to the next.
    /// </summary>
    private const double SlowTimes = 1.3;

    /// <summary>Fewer say nothing about what is usual.</summary>
    private const int FewestForUsual = 8;

    /// <summary>4 MiB of floats: beyond a second-level cache, within a shared third-level one.</summary>
    private readonly float[] block = new float[1 << 20];
    private readonly List<double> sortedUs = [];
    private readonly TimeProvider clock;
    private double lastUs;
    private float sink;

    public Yardstick(TimeProvider clock)
    {
        this.clock = clock;

        // Untouched pages would all be one page of zeroes.
        Array.Fill(block, 1);
    }

    /// <summary>Forgets what was measured: a new group of candidates begins.</summary>
    public void Restart() => sortedUs.Clear();

    /// <summary>Median since the last restart, microseconds.</summary>
    public double MedianUs => sortedUs.Count == 0 ? 0 : sortedUs[sortedUs.Count / 2];

    public void Measure()
    {
        // The first pass brings back what a path has pushed out of the cache.
        Pass();
        var start = clock.GetTimestamp();
        Pass();
        lastUs = clock.GetElapsedTime(start).TotalMicroseconds;
        var place = sortedUs.BinarySearch(lastUs);
        sortedUs.Insert(place < 0 ? ~place : place, lastUs);
    }

    /// <summary>Measures again: whether the machine was slow before what lies between, or is after it.</summary>
    public bool SlowedSinceLast()
    {
        var beforeUs = lastUs;
        Measure();
        return sortedUs.Count >= FewestForUsual && Math.Max(beforeUs, lastUs) > SlowTimes * MedianUs;
    }

    private void Pass()
    {
        sink += System.Numerics.Tensors.TensorPrimitives.Dot<float>(block, block);
        block[0] = 1 + (sink * 0);
    }
}
