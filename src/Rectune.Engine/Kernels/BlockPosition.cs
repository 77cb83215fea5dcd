namespace Rectune.Engine.Kernels;

/// <summary>A position in a block's work, which is taken table by table, and a table sample by sample.</summary>
/// <param name="Table">Table reached.</param>
/// <param name="Sample">Its first sample not yet done, counted in the block.</param>
internal readonly record struct BlockPosition(int Table, int Sample);
