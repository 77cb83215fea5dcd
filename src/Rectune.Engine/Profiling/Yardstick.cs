namespace Rectune.Engine.Profiling;

/// <summary>
/// A fixed piece of work of about 100 µs: arithmetic over a block larger than the first two caches, so that a slower clock, a busier cache or a busier memory bus shows.
/// Measured in every round; it ties groups of measurements together.
/// </summary>
internal sealed class Yardstick(TimeProvider clock)
{
    /// <summary>4 MiB of floats: beyond a second-level cache, within a shared third-level one.</summary>
    private readonly float[] block = new float[1 << 20];
    private readonly List<double> timesUs = [];
    private float sink;

    /// <summary>Median of all measurements, microseconds.</summary>
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
        block[0] = sink * 0;
    }
}
