namespace Rectune.Engine.Kernels;

/// <summary>Writes the fp32 values of some consecutive rows of one table. Called from several threads at once, each row exactly once, in no fixed order.</summary>
/// <param name="table">Index of the table.</param>
/// <param name="firstRow">First row to write.</param>
/// <param name="values"><c>[rows, dim]</c>, undefined on entry.</param>
public delegate void RowFiller(int table, long firstRow, Span<float> values);
