namespace Rectune.Engine.Serving;

/// <summary>
/// Buffers for the scores of queries that run: as many as have ever run at once, however many wait. Not safe for concurrent use.
/// </summary>
internal sealed class ScoreBuffers
{
    /// <summary>Covers nearly every query size in use where a sample has one score, so that buffers stop growing after one use.</summary>
    private const int SmallestLength = 1024;

    private readonly Stack<float[]> idle = new();

    /// <summary>A buffer of at least <paramref name="length"/> elements. One that is too small is replaced, so that all grow to the largest query seen, then stay.</summary>
    public float[] Take(int length) =>
        idle.TryPop(out var buffer) && buffer.Length >= length ? buffer : new float[Math.Max(length, SmallestLength)];

    public void Return(float[] buffer) => idle.Push(buffer);
}
