namespace Rectune.Engine.Kernels;

/// <summary>How the memory of tables is asked of the system. Where the system knows nothing of it, memory is had all the same.</summary>
public sealed record TableMemory
{
    /// <summary>In huge pages as far as the system has them; false: in none.</summary>
    public bool HugePages { get; init; } = true;

    /// <summary>NUMA nodes that it is to lie on: page by page on several in turn, as far as possible on one; none: on whichever touches it first.</summary>
    public IReadOnlyList<int> Nodes { get; init; } = [];
}
