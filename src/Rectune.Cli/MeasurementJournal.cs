using System.Text;
using Rectune.Core.Domain;
using Rectune.Core.Formats;

namespace Rectune.Cli;

/// <summary>
/// Measurements on disk, one flushed line each, appended while measuring. Held exclusively while open; the hold dies with the process.
/// </summary>
internal sealed class MeasurementJournal : IMeasurementSink, IDisposable
{
    private readonly FileStream stream;
    private readonly Action<string> warn;

    private MeasurementJournal(FileStream stream, IReadOnlyList<MeasurementRow> rows, Action<string> warn)
    {
        this.stream = stream;
        this.warn = warn;
        Rows = rows;
    }

    /// <summary>Rows that were already there.</summary>
    public IReadOnlyList<MeasurementRow> Rows { get; }

    /// <param name="path">The journal's file.</param>
    /// <param name="keep">Whether rows already there are kept and continued, or the journal starts empty.</param>
    /// <param name="warn">Hears of a torn last line and of configurations that failed.</param>
    public static MeasurementJournal Open(string path, bool keep, Action<string> warn)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new MissingResourceException($"The journal {path} cannot be created: {e.Message}", "Choose a folder that exists and that you may write to with --out.", e);
        }
        catch (IOException e)
        {
            throw new MissingResourceException(
                $"The journal {path} cannot be opened: {e.Message}", "Another rectune may be writing it: wait for that one or choose another --out.", e);
        }

        try
        {
            return new MeasurementJournal(file, keep ? Recover(file, path, warn) : Empty(file), warn);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Measured(MeasurementRow row)
    {
        try
        {
            stream.Write(Encoding.UTF8.GetBytes(MeasurementFormat.WriteLine(row) + "\n"));
            stream.Flush(flushToDisk: true);
        }
        catch (IOException e)
        {
            throw new MissingResourceException($"{stream.Name} cannot be extended: {e.Message}", "Free space; what was measured before is kept (--resume).", e);
        }
    }

    public void Failed(Configuration configuration, string why) => warn($"{configuration.Id()} could not be measured: {why}");

    public void Dispose() => stream.Dispose();

    private static IReadOnlyList<MeasurementRow> Empty(FileStream stream)
    {
        stream.SetLength(0);
        return [];
    }

    private static IReadOnlyList<MeasurementRow> Recover(FileStream stream, string path, Action<string> warn)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        var text = reader.ReadToEnd();
        var rows = MeasurementFormat.ReadJournal(text, path, out var torn);
        if (torn)
        {
            warn($"{path}: the last line was being written when an earlier run ended; it is dropped and measured again");
            stream.SetLength(Encoding.UTF8.GetByteCount(text.AsSpan(0, text.LastIndexOf('\n') + 1)));
        }

        stream.Seek(0, SeekOrigin.End);
        return rows;
    }
}
