using System.Text;
using Rectune.Core.Domain;
using Rectune.Engine.Serving.Http;

namespace Rectune.Cli;

/// <summary>An open log of a server with the file that it goes to.</summary>
internal sealed class LogTarget : IDisposable
{
    private readonly StreamWriter? file;

    private LogTarget(TextWriter writer, StreamWriter? file, TimeProvider clock)
    {
        this.file = file;
        Log = new ServerLog(writer, clock);
    }

    public ServerLog Log { get; }

    /// <summary>Throws <see cref="MissingResourceException"/> when the file cannot be written.</summary>
    /// <param name="path">A file, which is appended to, or <c>-</c>.</param>
    /// <param name="standardError">Not closed.</param>
    public static LogTarget Open(string path, TextWriter standardError, TimeProvider clock)
    {
        if (path == "-")
        {
            return new LogTarget(standardError, null, clock);
        }

        try
        {
            // Others may read it, and move it away, while it is written.
            var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            return new LogTarget(writer, writer, clock);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MissingResourceException($"{path}: the log cannot be written: {e.Message}", "Check that the folder exists and that you may write there.", e);
        }
    }

    public void Dispose()
    {
        Log.Dispose();
        try
        {
            file?.Dispose();
        }
        catch (IOException)
        {
            // What could not be written was counted when it was lost.
        }
    }
}
