using Rectune.Core.Domain;

namespace Rectune.Engine.Kernels;

/// <summary>
/// Every table of a model at one precision, in one piece of native memory, shared by all instances. Written by <see cref="SetRow"/> or
/// <see cref="Fill"/>, undefined before that; reading is safe from any number of threads once the writing is over.
/// </summary>
public sealed unsafe class EmbeddingTables : IDisposable
{
    private readonly TableLayout[] layouts;
    private readonly NativeBuffer buffer;

    /// <param name="slots">The tables.</param>
    /// <param name="width">Elements of a sample's output row; those that no slot covers belong to others.</param>
    /// <exception cref="InvalidInputException">A slot that cannot be: its shape, its place in the output row, or its sharing.</exception>
    /// <exception cref="MissingResourceException">The memory cannot be had.</exception>
    public EmbeddingTables(IReadOnlyList<TableSlot> slots, int width, TablePrecision precision)
    {
        layouts = TableLayout.Lay(slots, width, precision, out var bytes);
        Slots = [.. slots];
        Width = width;
        Precision = precision;
        Features = slots.Count == 0 ? 0 : slots.Max(slot => slot.Feature) + 1;
        buffer = new NativeBuffer(bytes);
    }

    public TablePrecision Precision { get; }

    public IReadOnlyList<TableSlot> Slots { get; }

    /// <summary>Number of tables.</summary>
    public int Count => layouts.Length;

    /// <summary>Elements of a sample's output row.</summary>
    public int Width { get; }

    /// <summary>Columns that a batch must have at least.</summary>
    internal int Features { get; }

    public long Bytes => buffer.Bytes;

    internal ReadOnlySpan<TableLayout> Layouts => layouts;

    /// <summary>First byte of all tables.</summary>
    /// <exception cref="ObjectDisposedException">The tables are gone.</exception>
    internal byte* Pointer
    {
        get
        {
            var pointer = buffer.Pointer;
            ObjectDisposedException.ThrowIf(pointer is null, this);
            return pointer;
        }
    }

    /// <summary>Every feature pooled, one after another in the output row: <c>[sum of dims]</c>.</summary>
    /// <inheritdoc cref="EmbeddingTables(IReadOnlyList{TableSlot}, int, TablePrecision)"/>
    public static EmbeddingTables ForFeatures(IReadOnlyList<SparseFeature> features, TablePrecision precision) =>
        new(TableSlot.ForFeatures(features), features.Sum(feature => feature.Dim), precision);

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
        new TableFill(this, filler, progress).Run(threads, cancellation);
    }

    public void Dispose() => buffer.Dispose();

    private byte* Locate(int table, long row, int elements)
    {
        var layout = layouts[table];
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, layout.Slot.Rows);
        ArgumentOutOfRangeException.ThrowIfNotEqual(elements, layout.Slot.Dim);
        return Pointer + layout.Offset + (row * layout.RowBytes);
    }
}
