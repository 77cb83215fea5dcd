using System.IO.MemoryMappedFiles;
using Rectune.Core.Domain;
using Rectune.Core.Units;

namespace Rectune.Engine.Kernels;

/// <summary>
/// Tables in a mapped file: processes that open the same one share its pages, and the system may drop and re-read them. Written under another name and
/// given its own when complete, so that a file under its own name is whole.
/// </summary>
internal sealed unsafe class TableFile : ITableMemory
{
    private readonly string path;
    private readonly MemoryMappedViewAccessor view;
    private FileStream? writing;
    private byte* start;

    private TableFile(string path, FileStream stream, long fileBytes, bool writable)
    {
        this.path = path;
        Bytes = fileBytes - TableFileHeader.Bytes;
        var access = writable ? MemoryMappedFileAccess.ReadWrite : MemoryMappedFileAccess.Read;
        // A view outlives the mapping object that made it.
        using var mapping = MemoryMappedFile.CreateFromFile(stream, null, 0, access, HandleInheritability.None, leaveOpen: true);
        view = mapping.CreateViewAccessor(0, fileBytes, access);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        writing = writable ? stream : null;
    }

    public byte* Pointer => start is null ? null : start + TableFileHeader.Bytes;

    public long Bytes { get; }

    public bool IsWritable => writing is not null;

    /// <summary>False: the pages of a file are as large as its file system has them.</summary>
    public bool HugePagesAdvised => false;

    /// <summary>A file for tables to be written; <see cref="Complete"/> gives it its name.</summary>
    /// <exception cref="MissingResourceException">The file cannot be written, or the disk has no room.</exception>
    public static TableFile Create(string path, TableFileHeader header)
    {
        FileStream? stream = null;
        try
        {
            // Room is taken beforehand: a full disk under a mapped page would end the process.
            stream = new FileStream(PartialPath(path), new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                PreallocationSize = header.FileBytes,
            });
            stream.SetLength(header.FileBytes);
            RandomAccess.Write(stream.SafeFileHandle, header.Text, 0);
            return new TableFile(path, stream, header.FileBytes, writable: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            if (stream is not null)
            {
                stream.Dispose();
                File.Delete(PartialPath(path));
            }

            throw new MissingResourceException(
                $"{path} cannot be written: {new ByteSize(header.FileBytes)} ({header.FileBytes} bytes) are needed. {refused.Message}",
                "Free space on the disk, or choose another folder.",
                refused);
        }
    }

    /// <summary>A complete file, to be read.</summary>
    /// <exception cref="MissingResourceException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="InvalidInputException">It holds something else than what the header says.</exception>
    public static TableFile Open(string path, TableFileHeader header)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var found = new byte[TableFileHeader.Bytes];
            var length = stream.ReadAtLeast(found, found.Length, throwOnEndOfStream: false);
            header.Check(found.AsSpan(0, length), stream.Length);
            var file = new TableFile(path, stream, header.FileBytes, writable: false);
            MemoryAdvice.ExpectScatteredReads(file.start, header.FileBytes);
            return file;
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new MissingResourceException($"{path} cannot be read: {missing.Message}", "Generate the tables, or name the file that has them.", missing);
        }
    }

    /// <summary>All rows are written: brings them to the disk, marks the file complete and gives it its name. It is read-only from then on.</summary>
    public void Complete()
    {
        var stream = writing ?? throw new InvalidOperationException("the tables are complete already");
        view.Flush();
        stream.Flush(flushToDisk: true);
        // Only now: a mark on the disk must mean that the rows are there too.
        RandomAccess.Write(stream.SafeFileHandle, TableFileHeader.Complete, TableFileHeader.CompleteAt);
        stream.Flush(flushToDisk: true);
        // Closing also gives up the lock that keeps readers out.
        stream.Dispose();
        writing = null;
        File.Move(PartialPath(path), path, overwrite: true);
        MemoryAdvice.ExpectScatteredReads(start, Bytes + TableFileHeader.Bytes);
    }

    public void Dispose()
    {
        if (start is null)
        {
            return;
        }

        start = null;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        if (writing is not null)
        {
            writing.Dispose();
            writing = null;
            File.Delete(PartialPath(path));
        }
    }

    private static string PartialPath(string path) => path + ".partial";
}
