using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace Rectune.Engine.Serving.Http;

/// <summary>
/// Memory that Kestrel receives into. Its own blocks hold 4 KiB, so that a query of some hundred samples comes in a score of pieces, each with a system call and a change of threads; here it comes in one
/// or two. Connections without a request under way hold none. Safe for concurrent use.
/// </summary>
internal sealed class RequestBlocks : MemoryPool<byte>
{
    /// <summary>About what the system hands over at once on loopback, bytes.</summary>
    public const int BlockBytes = 64 << 10;

    /// <summary>Blocks kept for later; those beyond are left to the collector.</summary>
    private const int MostIdle = 512;

    private readonly ConcurrentQueue<Block> idle = new();

    public override int MaxBufferSize => BlockBytes;

    /// <summary>Blocks that are kept for later.</summary>
    public int Idle => idle.Count;

    /// <exception cref="ArgumentOutOfRangeException">More than a block holds is asked for.</exception>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        return idle.TryDequeue(out var block) ? block.Lent() : new Block(this);
    }

    protected override void Dispose(bool disposing) => idle.Clear();

    private void Return(Block block)
    {
        if (idle.Count < MostIdle)
        {
            idle.Enqueue(block);
        }
    }

    /// <summary>One pool for each of Kestrel's transports.</summary>
    public sealed class Factory : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new RequestBlocks();
    }

    private sealed class Block(RequestBlocks pool) : IMemoryOwner<byte>
    {
        // Reading from a socket pins what it reads into: as an array that never moves it costs nothing.
        private readonly byte[] bytes = GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true);
        private int isLent = 1;

        public Memory<byte> Memory => MemoryMarshal.CreateFromPinnedArray(bytes, 0, bytes.Length);

        public Block Lent()
        {
            Volatile.Write(ref isLent, 1);
            return this;
        }

        public void Dispose()
        {
            // A block that is given back twice would be lent to two connections.
            if (Interlocked.Exchange(ref isLent, 0) == 1)
            {
                pool.Return(this);
            }
        }
    }
}
