using Rectune.Core.Domain;

namespace Rectune.Engine.Kernels;

/// <summary>
/// Every table of a model at one precision, in one piece of native memory, shared by all instances. Written by <see cref="SetRow"/> or
/// <see cref="Fill"/>, undefined before that; reading is safe from any number of threads once the writing is over.
/// </summary>
public sealed unsafe class EmbeddingTables : IDisposable
{
    /// <summary>Tables start on cache lines, so that a 64-byte row is one line and not two.</summary>
    private const long LineBytes = 64;

    private readonly TableLayout[] layouts;
    private readonly NativeBuffer buffer;

    /// <exception cref="InvalidInputException">A table is empty, or larger than 32-bit ids can address.</exception>
    /// <exception cref="MissingResourceException">The memory cannot be had.</exception>
    public EmbeddingTables(IReadOnlyList<SparseFeature> features, TablePrecision precision)
    {
        layouts = Lay(features, precision, out var bytes, out var width);
        Precision = precision;
        Width = width;
        buffer = new NativeBuffer(bytes);
    }

    public TablePrecision Precision { get; }

    /// <summary>Number of tables.</summary>
    public int Count => layouts.Length;

    /// <summary>Elements of one sample's pooled vectors: the sum of the tables' dims.</summary>
    public int Width { get; }

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

    /// <summary>Bytes that such tables take, alignment included; nothing is allocated.</summary>
    public static long BytesFor(IReadOnlyList<SparseFeature> features, TablePrecision precision)
    {
        _ = Lay(features, precision, out var bytes, out _);
        return bytes;
    }

    public long RowsOf(int table) => layouts[table].Rows;

    public int DimOf(int table) => layouts[table].Dim;

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

    /// <summary>Writes every row of every table, on <paramref name="threads"/> threads including the caller's.</summary>
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

    private static TableLayout[] Lay(IReadOnlyList<SparseFeature> features, TablePrecision precision, out long bytes, out int width)
    {
        ArgumentNullException.ThrowIfNull(features);
        var laid = new TableLayout[features.Count];
        (bytes, width) = (0, 0);
        for (var table = 0; table < laid.Length; table++)
        {
            var feature = features[table];
            if (feature.Rows is < 1 or > int.MaxValue || feature.Dim < 1)
            {
                throw new InvalidInputException(
                    feature.Name, $"found {feature.Rows} rows of {feature.Dim} elements, expected 1 to {int.MaxValue} rows of at least 1 element");
            }

            var rowBytes = precision.RowBytes(feature.Dim);
            laid[table] = new TableLayout(bytes, feature.Rows, feature.Dim, rowBytes, width);
            bytes += ((feature.Rows * rowBytes) + LineBytes - 1) / LineBytes * LineBytes;
            width += feature.Dim;
        }

        return laid;
    }

    private byte* Locate(int table, long row, int elements)
    {
        var layout = layouts[table];
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, layout.Rows);
        ArgumentOutOfRangeException.ThrowIfNotEqual(elements, layout.Dim);
        return Pointer + layout.Offset + (row * layout.RowBytes);
    }
}
