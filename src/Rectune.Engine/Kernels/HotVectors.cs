using System.Runtime.Intrinsics.X86;

namespace Rectune.Engine.Kernels;

/// <summary>
/// Finished vectors of some ids of several tables in one piece of memory: for each table an open-addressed index, and its vectors behind it. Its vectors are written once by whoever
/// makes it; after that it is only read, by any number of threads. Looking up allocates nothing.
/// </summary>
/// <remarks>
/// A place of an index holds id + 1 in its lower half and the vector's number in its upper one, 0 where it is empty. Places are twice the ids, so that on average 1.5 are looked at for an
/// id that is there and 2.5 for one that is not (Knuth, The Art of Computer Programming 3, 6.4, linear probing). An id's first place is its multiplicative hash as a fraction of the places.
/// </remarks>
public sealed unsafe class HotVectors : IDisposable
{
    /// <summary>The number of an id that is not there.</summary>
    public const int Absent = -1;

    /// <summary>2³² over the golden ratio: neighbouring ids come to lie far apart.</summary>
    internal const uint Multiplier = 2654435769;

    private const int PlacesPerId = 2;

    /// <summary>A line of the processor's caches, bytes.</summary>
    private const int LineBytes = 64;

    private readonly NativeBuffer buffer;
    private readonly byte* start;
    private readonly Table[] tables;

    /// <param name="contents">Of each table: the elements of a vector, and distinct ids of at least 0 in the order that numbers them from 0.</param>
    public HotVectors(IReadOnlyList<(int Dim, int[] Ids)> contents)
    {
        ArgumentNullException.ThrowIfNull(contents);
        tables = new Table[contents.Count];
        var bytes = 0L;
        for (var i = 0; i < tables.Length; i++)
        {
            var (dim, ids) = contents[i];
            var index = bytes;
            var vectors = Aligned(index + ((long)PlacesPerId * ids.Length * sizeof(ulong)));
            tables[i] = new Table(index, vectors, checked(PlacesPerId * ids.Length), dim, ids.Length);
            bytes = Aligned(vectors + ((long)ids.Length * dim * sizeof(float)));
        }

        buffer = new NativeBuffer(bytes);
        start = buffer.Pointer;
        try
        {
            for (var i = 0; i < tables.Length; i++)
            {
                Index(tables[i], contents[i].Ids);
            }
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <summary>Of indices and vectors.</summary>
    public long Bytes => buffer.Bytes;

    internal bool IsFreed => buffer.Pointer is null;

    /// <summary>Ids of a table.</summary>
    public int Count(int table) => tables[table].Count;

    /// <summary>Finds the numbers of ids, <see cref="Absent"/> for those that are not there, and has the processor fetch the vectors of those that are.</summary>
    /// <param name="ids"><c>[ids]</c>, at least 0; they are trusted.</param>
    /// <param name="numbers"><c>[ids]</c></param>
    public void Find(int table, ReadOnlySpan<int> ids, Span<int> numbers)
    {
        ref readonly var place = ref tables[table];
        numbers = numbers[..ids.Length];
        if (place.Places == 0)
        {
            numbers.Fill(Absent);
            return;
        }

        var index = (ulong*)(start + place.Index);
        for (var i = 0; i < ids.Length; i++)
        {
            var found = index[PlaceOf(index, place.Places, ids[i])];
            numbers[i] = found == 0 ? Absent : (int)(found >> 32);
            if (Sse.IsSupported && found != 0)
            {
                Sse.Prefetch0(start + place.Vectors + ((long)(found >> 32) * place.Dim * sizeof(float)));
            }
        }
    }

    /// <summary><c>[dim]</c></summary>
    public ReadOnlySpan<float> Vector(int table, int number) => Vectors(table, number, 1);

    /// <summary><c>[count, dim]</c>: vectors one after another, to be written before anybody looks them up.</summary>
    public Span<float> Vectors(int table, int first, int count)
    {
        ref readonly var place = ref tables[table];
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)(uint)first + (uint)count, (uint)place.Count, nameof(count));
        return new Span<float>(start + place.Vectors + ((long)first * place.Dim * sizeof(float)), count * place.Dim);
    }

    /// <summary>Ids of a table, by number.</summary>
    public int[] Ids(int table)
    {
        ref readonly var place = ref tables[table];
        var ids = new int[place.Count];
        foreach (var found in new ReadOnlySpan<ulong>(start + place.Index, place.Places))
        {
            if (found != 0)
            {
                ids[(int)(found >> 32)] = (int)((uint)found - 1);
            }
        }

        return ids;
    }

    public void Dispose() => buffer.Dispose();

    private static long Aligned(long bytes) => (bytes + LineBytes - 1) / LineBytes * LineBytes;

    /// <summary>The place that holds an id, or the empty one where looking for it ends.</summary>
    private static int PlaceOf(ulong* index, int places, int id)
    {
        var key = (uint)id + 1;
        var place = (int)(((ulong)((uint)id * Multiplier) * (uint)places) >> 32);
        while (index[place] != 0 && (uint)index[place] != key)
        {
            place = place + 1 == places ? 0 : place + 1;
        }

        return place;
    }

    private void Index(Table table, int[] ids)
    {
        var index = (ulong*)(start + table.Index);
        new Span<ulong>(index, table.Places).Clear();
        for (var number = 0; number < ids.Length; number++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(ids[number]);
            var place = PlaceOf(index, table.Places, ids[number]);
            if (index[place] != 0)
            {
                throw new ArgumentException($"expected distinct ids, found {ids[number]} twice", nameof(ids));
            }

            index[place] = ((ulong)number << 32) | ((uint)ids[number] + 1);
        }
    }

    /// <param name="Index">First byte of its index.</param>
    /// <param name="Vectors">First byte of its vectors.</param>
    /// <param name="Places">Of its index.</param>
    /// <param name="Dim">Elements of a vector.</param>
    /// <param name="Count">Vectors.</param>
    private readonly record struct Table(long Index, long Vectors, int Places, int Dim, int Count);
}
