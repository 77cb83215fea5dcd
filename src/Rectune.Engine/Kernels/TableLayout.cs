namespace Rectune.Engine.Kernels;

/// <summary>Where one table lies in the buffer and in a pooled row.</summary>
/// <param name="Offset">Bytes from the start of the buffer to row 0; a multiple of a cache line.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Dim">Elements of a row.</param>
/// <param name="RowBytes">Bytes from one row to the next.</param>
/// <param name="Column">First element of this table in a pooled row <c>[sum of dims]</c>.</param>
internal readonly record struct TableLayout(long Offset, long Rows, int Dim, int RowBytes, int Column);
