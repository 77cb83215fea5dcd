using System.Globalization;
using Rectune.Core.Domain;

namespace Rectune.Cli;

/// <summary>The right to write a journal: a lock on a file beside it, which the system takes back when the process ends, however it ends, and a note of who has it.</summary>
internal sealed class JournalHold : IDisposable
{
    private readonly string journal;
    private readonly FileStream locked;

    private JournalHold(string journal, FileStream locked)
    {
        this.journal = journal;
        this.locked = locked;
    }

    /// <exception cref="MissingResourceException">Another process holds it, or the folder cannot be written.</exception>
    public static JournalHold Take(string journal, TimeProvider clock)
    {
        FileStream own;
        try
        {
            own = new FileStream(LockOf(journal), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new MissingResourceException($"The journal {journal} cannot be written: {e.Message}", "Choose a folder that exists and that you may write to with --out.", e);
        }
        catch (IOException e)
        {
            throw new MissingResourceException(
                $"The journal {journal} cannot be locked; it is held by {Holder(journal)}: {e.Message}", "Wait until that one has ended, or choose another --out.", e);
        }

        Try(() => File.WriteAllText(
            NoteOf(journal), string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId}, since {clock.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}")));
        return new JournalHold(journal, own);
    }

    public void Dispose()
    {
        // The locked file stays: taken away, two who come at once could lock two files of its name.
        Try(() => File.Delete(NoteOf(journal)));
        locked.Dispose();
    }

    private static string Holder(string journal)
    {
        var holder = "another process";
        Try(() => holder = File.ReadAllText(NoteOf(journal)).Trim());
        return holder;
    }

    private static string LockOf(string journal) => journal + ".lock";

    private static string NoteOf(string journal) => journal + ".holder";

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A courtesy to whoever comes second; the journal works without it.
        }
    }
}
