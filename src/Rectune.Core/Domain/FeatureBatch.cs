namespace Rectune.Core.Domain;

/// <summary>
/// Features of some candidate samples, one column a sparse feature. Shared and read-only once filled.
/// </summary>
public sealed class FeatureBatch
{
    /// <param name="samples">Number of samples held.</param>
    /// <param name="dense"><c>[samples, dense features]</c>, row by row.</param>
    /// <param name="columns">One column a sparse feature, in the card's order.</param>
    public FeatureBatch(int samples, float[] dense, SparseColumn[] columns)
    {
        ArgumentNullException.ThrowIfNull(dense);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        Samples = samples;
        Dense = dense;
        Columns = columns;
    }

    public int Samples { get; }

    /// <summary><c>[samples, dense features]</c>, row by row.</summary>
    public float[] Dense { get; }

    /// <summary>One column a sparse feature, in the card's order.</summary>
    public SparseColumn[] Columns { get; }
}
