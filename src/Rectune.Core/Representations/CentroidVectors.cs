namespace Rectune.Core.Representations;

/// <summary>The centroids of one table's encodings, and what its decoder makes of them.</summary>
/// <param name="Directions"><c>[k, N]</c>: a column of length 1 for each, so that the largest product with an encoding is the smallest angle.</param>
/// <param name="Vectors"><c>[N, dim]</c></param>
public sealed record CentroidVectors(float[] Directions, float[] Vectors)
{
    public long Bytes => (Directions.LongLength + Vectors.LongLength) * sizeof(float);
}
