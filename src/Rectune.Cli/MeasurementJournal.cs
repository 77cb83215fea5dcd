using System.Globalization;
using System.Text;
using Rectune.Core.Domain;
using Rectune.Core.Formats;

namespace Rectune.Cli;

/// <summary>
/// Measurements on disk, one flushed line each, appended while measuring, never rewritten. One process writes at a time, any number read; the hold dies with the process.
/// </summary>
internal sealed class MeasurementJournal : IMeasurementSink, IDisposable
{
    private readonly FileStream stream;
    private readonly JournalHold hold;
    private readonly ProfileKey question;
    private readonly TimeProvider clock;
    private readonly Action<string> warn;
    private readonly List<string> failed = [];
    private string chain;

    private MeasurementJournal(FileStream stream, JournalHold hold, Journal journal, ProfileKey question, TimeProvider clock, Action<string> warn)
    {
        this.stream = stream;
        this.hold = hold;
        this.question = question;
        this.clock = clock;
        this.warn = warn;
        chain = journal.Chain;
    }

    /// <summary>Configurations that failed since it was opened.</summary>
    public IReadOnlyList<string> NewFailures => failed;

    /// <param name="path">The journal's file.</param>
    /// <param name="question">Key of failures, but for the configuration.</param>
    /// <param name="clock">Dates failures.</param>
    /// <param name="warn">Hears of a torn last line and of configurations that failed.</param>
    public static MeasurementJournal Open(string path, ProfileKey question, TimeProvider clock, Action<string> warn)
    {
        FileStream? file = null;
        var held = JournalHold.Take(path, clock);
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            return new MeasurementJournal(file, held, Recover(file, path, warn), question, clock, warn);
        }
        catch (Exception e)
        {
            file?.Dispose();
            held.Dispose();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new MissingResourceException($"The journal {path} cannot be opened: {e.Message}", "Choose a folder that you may write to with --out.", e);
            }

            throw;
        }
    }

    public void Measured(MeasurementRow row)
    {
        var (line, next) = JournalFormat.Write(row, chain);
        Append(line, next);
    }

    public void Failed(Configuration configuration, string why)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        warn($"{configuration.Id()} could not be measured: {why}");
        failed.Add(configuration.Id());
        var failure = new MeasurementFailure
        {
            Schema = MeasurementFailure.SchemaName,
            Key = question with { Configuration = configuration },
            Why = why,
            MeasuredAt = clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        };
        var (line, next) = JournalFormat.Write(failure, chain);
        Append(line, next);
    }

    public void Dispose()
    {
        try
        {
            stream.Dispose();
        }
        finally
        {
            hold.Dispose();
        }
    }

    private void Append(string line, string next)
    {
        var whole = stream.Position;
        try
        {
            stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
            stream.Flush(flushToDisk: true);
            chain = next;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            CutTo(whole);
            throw new MissingResourceException($"{stream.Name} cannot be extended: {e.Message}", "Free space; what was measured before is kept.", e);
        }
    }

    /// <summary>A full disk takes part of a line. Where it cannot be cut off, whoever opens the journal next drops it.</summary>
    private void CutTo(long length)
    {
        try
        {
            stream.SetLength(length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    private static Journal Recover(FileStream stream, string path, Action<string> warn)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        var text = reader.ReadToEnd();
        var journal = JournalFormat.Read(text, path);
        if (journal.Torn)
        {
            warn($"{path}: the last line was being written when an earlier run ended; it is dropped and measured again");
            stream.SetLength(Encoding.UTF8.GetByteCount(text.AsSpan(0, text.LastIndexOf('\n') + 1)));
        }

        stream.Seek(0, SeekOrigin.End);
        return journal;
    }
}
