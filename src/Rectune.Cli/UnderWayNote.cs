using System.IO.MemoryMappedFiles;

namespace Rectune.Cli;

/// <summary>A number in a mapped file: noting it costs a store to memory, and it outlives the process.</summary>
internal sealed class UnderWayNote : IDisposable
{
    /// <summary>Beside a number: not that one alone, but the rows that it shares with others.</summary>
    public const int Rows = 1 << 30;

    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;

    public UnderWayNote(string path)
    {
        file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, mapName: null, capacity: sizeof(int));
        view = file.CreateViewAccessor(0, sizeof(int));
    }

    public int Value
    {
        get => view.ReadInt32(0);
        set => view.Write(0, value);
    }

    public void Dispose()
    {
        view.Dispose();
        file.Dispose();
    }
}
