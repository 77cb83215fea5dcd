namespace Rectune.Engine.Kernels;

/// <summary>Where tables lie: memory of the process, or a mapped file.</summary>
internal unsafe interface ITableMemory : IDisposable
{
    /// <summary>First byte, at the start of a page; null once disposed.</summary>
    byte* Pointer { get; }

    long Bytes { get; }

    bool IsWritable { get; }

    /// <summary>The system was asked for huge pages and agreed.</summary>
    bool HugePagesAdvised { get; }
}
