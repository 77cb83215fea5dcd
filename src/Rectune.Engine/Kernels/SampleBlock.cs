namespace Rectune.Engine.Kernels;

/// <summary>Consecutive samples of a batch and where their output rows go.</summary>
internal readonly unsafe struct SampleBlock(int start, int samples, float* target)
{
    /// <summary>First sample, counted in the batch.</summary>
    public int Start => start;

    public int Samples => samples;

    /// <summary>The first sample's output row.</summary>
    public float* Target => target;

    /// <summary>The samples that a part of the block, from one position up to another, has of one table.</summary>
    /// <param name="width">Elements of an output row.</param>
    public SampleBlock Of(int table, BlockPosition from, BlockPosition to, int width)
    {
        var first = table == from.Table ? from.Sample : 0;
        var end = table == to.Table ? to.Sample : samples;
        return new SampleBlock(start + first, end - first, target + ((long)first * width));
    }
}
