namespace Rectune.Engine.Profiling;

/// <summary>
/// A fixed piece of work of about 100 µs: arithmetic over a block larger than the first two caches, so that a slower clock, a busier cache or a busier memory bus shows.
/// Measured in every round; it ties groups of measurements together.
/// </summary>
internal sealed class Yardstick
{
    /// <summary>4 MiB of floats: beyond a second-level cache, within a shared third-level one.</summary>
    private readonly float[] block = new float[1 << 20];
    private readonly List<double> timesUs = [];
    private readonly TimeProvider clock;
    private float sink;

    public Yardstick(TimeProvider clock)
    {
        this.clock = clock;

        // Untouched pages would all be one page of zeroes.
        Array.Fill(block, 1);
    }

    /// <summary>Forgets what was measured: a new group of candidates begins.</summary>
    public void Restart() => timesUs.Clear();

    /// <summary>Median since the last restart, microseconds.</summary>
    public double MedianUs
    {
        get
        {
            var sorted = timesUs.ToArray();
            Array.Sort(sorted);
            return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
        }
    }

    public void Measure()
    {
        var start = clock.GetTimestamp();
        sink += System.Numerics.Tensors.TensorPrimitives.Dot<float>(block, block);
        timesUs.Add(clock.GetElapsedTime(start).TotalMicroseconds);
        block[0] = 1 + (sink * 0);
    }
}
