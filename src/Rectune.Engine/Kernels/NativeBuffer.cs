using System.Runtime.InteropServices;
using Rectune.Core.Domain;
using Rectune.Core.Units;

namespace Rectune.Engine.Kernels;

/// <summary>
/// Page-aligned memory outside the collector's heap, its contents undefined until written. Buffers of a huge page or more start on one and ask the
/// system for huge pages: random rows of a large table otherwise miss the address-translation cache on nearly every look-up. On Linux these are mappings of their own, so that nobody has touched them
/// before, and what the system was told of them ends with them.
/// </summary>
public sealed unsafe class NativeBuffer : ITableMemory
{
    /// <summary>Size of a huge page on x64 and of a contiguous-page block on arm64.</summary>
    private const nuint HugePageBytes = 2 << 20;

    private readonly Memory memory;

    /// <exception cref="MissingResourceException">The memory cannot be had; the message says how much was needed.</exception>
    public NativeBuffer(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Bytes = bytes;
        // Linux grants more than it has and ends the process on first touch instead, so the limit is asked for beforehand.
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes > limit)
        {
            throw Missing(bytes, $"this process may use {new ByteSize(limit)}", null);
        }

        var size = (nuint)Math.Max(bytes, 1);
        var huge = size >= HugePageBytes;
        try
        {
            memory = huge && OperatingSystem.IsLinux()
                ? Memory.TryMap(size) ?? throw Missing(bytes, "the system refused", null)
                : new Memory(NativeMemory.AlignedAlloc(size, huge ? HugePageBytes : (nuint)Environment.SystemPageSize), mapped: null);
        }
        catch (OutOfMemoryException refused)
        {
            throw Missing(bytes, "the system refused", refused);
        }

        HugePagesAdvised = huge && MemoryAdvice.UseHugePages(Pointer, (long)size);
    }

    /// <summary>First byte; null once disposed.</summary>
    public byte* Pointer => memory.IsClosed ? null : (byte*)memory.DangerousGetHandle();

    public long Bytes { get; }

    /// <summary>The buffer is of a huge page or more, and the system agreed to back it with huge pages as it has them.</summary>
    public bool HugePagesAdvised { get; private set; }

    /// <summary>Asks for the memory as told; good for what is not touched yet. Less than a page is left as it is.</summary>
    public void Place(TableMemory wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);

        // Neighbours may share the last page.
        var whole = Bytes / Environment.SystemPageSize * Environment.SystemPageSize;
        if (whole == 0)
        {
            return;
        }

        if (!wanted.HugePages)
        {
            MemoryAdvice.AvoidHugePages(Pointer, whole);
            HugePagesAdvised = false;
        }

        if (wanted.Nodes.Count > 0)
        {
            _ = NodeMemory.Bind(Pointer, whole, wanted.Nodes);
        }
    }

    bool ITableMemory.IsWritable => true;

    public void Dispose() => memory.Dispose();

    private static MissingResourceException Missing(long bytes, string found, Exception? inner) => new(
        $"not enough memory: {new ByteSize(bytes)} ({bytes} bytes) are needed in one piece, {found}.",
        "Use a narrower table precision or a smaller model, or run on a machine with more memory.",
        inner);

    /// <summary>Frees the memory even when nobody disposes of the buffer.</summary>
    private sealed class Memory : SafeHandle
    {
        private readonly (nint Start, nuint Bytes)? mapped;

        /// <param name="mapped">The mapping that it lies in; null where it is of the C library's heap.</param>
        public Memory(void* pointer, (nint Start, nuint Bytes)? mapped)
            : base(0, ownsHandle: true)
        {
            this.mapped = mapped;
            SetHandle((nint)pointer);
        }

        public override bool IsInvalid => handle == 0;

        /// <summary>A mapping may start on any page: a huge page more has one in it that starts on a huge one.</summary>
        /// <returns>Null where the system refuses.</returns>
        public static Memory? TryMap(nuint bytes)
        {
            var whole = bytes + HugePageBytes;
            if (AnonymousMemory.TryMap(whole) is not { } start)
            {
                return null;
            }

            var first = ((nuint)start + HugePageBytes - 1) / HugePageBytes * HugePageBytes;
            return new Memory((void*)first, (start, whole));
        }

        protected override bool ReleaseHandle()
        {
            if (mapped is { } mapping)
            {
                return AnonymousMemory.Unmap(mapping.Start, mapping.Bytes);
            }

            NativeMemory.AlignedFree((void*)handle);
            return true;
        }
    }
}
