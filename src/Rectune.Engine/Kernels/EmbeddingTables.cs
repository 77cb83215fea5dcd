using Rectune.Core.Domain;

namespace Rectune.Engine.Kernels;

/// <summary>
/// Every table of a model at one precision, in one piece of native memory or of a mapped file, shared by all instances. Written by <see cref="SetRow"/> or
/// <see cref="Fill"/>, undefined before that; reading is safe from any number of threads once the writing is over.
/// </summary>
public sealed unsafe class EmbeddingTables : IDisposable
{
    /// <summary>Bytes that a thread copies at a time.</summary>
    private const long CopiedBytes = 16 << 20;

    private readonly TableLayout[] layouts;
    private readonly ITableMemory memory;

    /// <param name="slots">The tables.</param>
    /// <param name="width">Elements of a sample's output row; those that no slot covers belong to others.</param>
    /// <exception cref="InvalidInputException">A slot that cannot be: its shape, its place in the output row, or its sharing.</exception>
    /// <exception cref="MissingResourceException">The memory cannot be had.</exception>
    public EmbeddingTables(IReadOnlyList<TableSlot> slots, int width, TablePrecision precision)
        : this(slots, width, precision, static (_, bytes) => new NativeBuffer(bytes))
    {
    }

    private EmbeddingTables(IReadOnlyList<TableSlot> slots, int width, TablePrecision precision, Func<TableLayout[], long, ITableMemory> open)
    {
        layouts = TableLayout.Lay(slots, width, precision, out var bytes);
        Slots = [.. slots];
        Width = width;
        Precision = precision;
        Features = slots.Count == 0 ? 0 : slots.Max(slot => slot.Feature) + 1;
        memory = open(layouts, bytes);
    }

    public TablePrecision Precision { get; }

    public IReadOnlyList<TableSlot> Slots { get; }

    /// <summary>Number of tables.</summary>
    public int Count => layouts.Length;

    /// <summary>Elements of a sample's output row.</summary>
    public int Width { get; }

    /// <summary>Columns that a batch must have at least.</summary>
    internal int Features { get; }

    public long Bytes => memory.Bytes;

    /// <summary>Rows may be written: false for a file that was complete when it was opened, or is by now.</summary>
    public bool IsWritable => memory.IsWritable;

    /// <summary>The system was asked for huge pages and agreed; how many it has is another matter. Never for a file.</summary>
    public bool HugePagesAdvised => memory.HugePagesAdvised;

    /// <summary>First address and bytes where they lie in memory of the process; null for a file.</summary>
    public (long Start, long Bytes)? Region => memory is NativeBuffer ? ((long)Pointer, Bytes) : null;

    internal ReadOnlySpan<TableLayout> Layouts => layouts;

    /// <summary>First byte of all tables.</summary>
    /// <exception cref="ObjectDisposedException">The tables are gone.</exception>
    internal byte* Pointer
    {
        get
        {
            var pointer = memory.Pointer;
            ObjectDisposedException.ThrowIf(pointer is null, this);
            return pointer;
        }
    }

    /// <summary>Asks for their memory as told, before any row is written; a file lies where the system puts it.</summary>
    public void Place(TableMemory wanted)
    {
        _ = Pointer;
        (memory as NativeBuffer)?.Place(wanted);
    }

    /// <summary>Every feature pooled, one after another in the output row: <c>[sum of dims]</c>.</summary>
    /// <inheritdoc cref="EmbeddingTables(IReadOnlyList{TableSlot}, int, TablePrecision)"/>
    public static EmbeddingTables ForFeatures(IReadOnlyList<SparseFeature> features, TablePrecision precision) =>
        new(TableSlot.ForFeatures(features), features.Sum(feature => feature.Dim), precision);

    /// <summary>
    /// Tables in a new file (<c>rectune.tables/1</c>), to be written and then made whole with <see cref="Complete"/>; disposed of before that, no file stays.
    /// </summary>
    /// <param name="path">The file; one that is there is replaced once the new one is complete.</param>
    /// <param name="identity">Says what the rows are, such as <c>random:42</c>; only tables of the same identity can be opened.</param>
    /// <exception cref="MissingResourceException">The file cannot be written.</exception>
    /// <inheritdoc cref="EmbeddingTables(IReadOnlyList{TableSlot}, int, TablePrecision)"/>
    public static EmbeddingTables CreateFile(string path, IReadOnlyList<TableSlot> slots, int width, TablePrecision precision, string identity) =>
        new(slots, width, precision, (layouts, bytes) => TableFile.Create(path, new TableFileHeader(path, identity, precision, layouts, bytes)));

    /// <summary>Tables in a complete file, mapped to be read; processes that open the same file share its pages.</summary>
    /// <exception cref="MissingResourceException">There is no such file.</exception>
    /// <exception cref="InvalidInputException">A slot that cannot be, or a file of another format, identity, precision, shape or length.</exception>
    public static EmbeddingTables OpenFile(string path, IReadOnlyList<TableSlot> slots, int width, TablePrecision precision, string identity) =>
        new(slots, width, precision, (layouts, bytes) => TableFile.Open(path, new TableFileHeader(path, identity, precision, layouts, bytes)));

    /// <summary>Bytes that such tables take, alignment included; nothing is allocated.</summary>
    public static long BytesFor(IReadOnlyList<TableSlot> slots, TablePrecision precision)
    {
        _ = TableLayout.Lay(slots, int.MaxValue, precision, out var bytes);
        return bytes;
    }

    public long RowsOf(int table) => layouts[table].Slot.Rows;

    public int DimOf(int table) => layouts[table].Slot.Dim;

    /// <summary>Stores <paramref name="values"/>, <c>[dim]</c>, rounded to the tables' precision.</summary>
    public void SetRow(int table, long row, ReadOnlySpan<float> values)
    {
        CheckWritable();
        RowCodec.Encode(Precision, values, values.Length, Locate(table, row, values.Length));
        GC.KeepAlive(this);
    }

    /// <summary>Reads a row back into <paramref name="values"/>, <c>[dim]</c>, as the kernels see it.</summary>
    public void ReadRow(int table, long row, Span<float> values)
    {
        RowCodec.Decode(Precision, Locate(table, row, values.Length), values);
        GC.KeepAlive(this);
    }

    /// <summary>Writes every row of every table that has its own, on <paramref name="threads"/> threads including the caller's.</summary>
    /// <param name="progress">Told the share done, from any thread but never from two at once.</param>
    /// <exception cref="OperationCanceledException">Cancelled: some rows are written, others are not.</exception>
    public void Fill(RowFiller filler, int threads, IProgress<double>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filler);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        _ = Pointer;
        CheckWritable();
        new TableFill(this, filler, progress).Run(threads, cancellation);
    }

    /// <summary>Takes over all rows of tables of the same slots and precision, on <paramref name="threads"/> threads.</summary>
    public void CopyFrom(EmbeddingTables other, int threads)
    {
        ArgumentNullException.ThrowIfNull(other);
        CheckWritable();
        if (other.Precision != Precision || !other.Slots.SequenceEqual(Slots))
        {
            throw new ArgumentException("tables of other slots or another precision", nameof(other));
        }

        var (from, to) = ((nint)other.Pointer, (nint)Pointer);
        var blocks = (int)((Bytes + CopiedBytes - 1) / CopiedBytes);
        Parallel.For(0, blocks, new ParallelOptions { MaxDegreeOfParallelism = threads }, block =>
        {
            var at = block * CopiedBytes;
            var bytes = Math.Min(CopiedBytes, Bytes - at);
            Buffer.MemoryCopy((byte*)from + at, (byte*)to + at, bytes, bytes);
        });
        GC.KeepAlive(other);
        GC.KeepAlive(this);
    }

    /// <summary>All rows of a new file are written: gives the file its name. The tables can be read on, and no longer written.</summary>
    /// <exception cref="InvalidOperationException">The tables are not in a new file.</exception>
    public void Complete()
    {
        _ = Pointer;
        (memory as TableFile ?? throw new InvalidOperationException("these tables are in no file")).Complete();
    }

    public void Dispose() => memory.Dispose();

    private void CheckWritable()
    {
        if (!IsWritable)
        {
            throw new InvalidOperationException("these tables are complete and only to be read");
        }
    }

    private byte* Locate(int table, long row, int elements)
    {
        var layout = layouts[table];
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, layout.Slot.Rows);
        ArgumentOutOfRangeException.ThrowIfNotEqual(elements, layout.Slot.Dim);
        return Pointer + layout.Offset + (row * layout.RowBytes);
    }
}
