using Rectune.Engine.Kernels;

namespace Rectune.Engine.Limits;

/// <summary>Memory on huge pages in which every 8-byte word is 1, so that the sum of a pass says how many words it read. Starts and ends on cache lines.</summary>
internal sealed unsafe class OnesBuffer : IDisposable
{
    public const int LineBytes = 64;

    private const int ChunkWords = 1 << 20;

    private readonly NativeBuffer memory;

    /// <param name="bytes">Rounded up to whole lines.</param>
    public OnesBuffer(long bytes)
    {
        memory = new NativeBuffer((bytes + LineBytes - 1) / LineBytes * LineBytes);
        for (long word = 0; word < Words; word += ChunkWords)
        {
            new Span<long>(Pointer + (word * sizeof(long)), (int)Math.Min(ChunkWords, Words - word)).Fill(1);
        }
    }

    public long Bytes => memory.Bytes;

    public long Words => Bytes / sizeof(long);

    public byte* Pointer => memory.Pointer;

    public void Dispose() => memory.Dispose();
}
