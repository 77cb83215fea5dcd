using Rectune.Core.Domain;

namespace Rectune.Engine.Data;

/// <summary>A user's data file, read once from its beginning to its end.</summary>
internal static class InputFile
{
    /// <param name="path">The file.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="read">Takes the stream and the file's name.</param>
    /// <exception cref="MissingResourceException">The file is absent or cannot be read.</exception>
    public static T Read<T>(string path, string what, Func<Stream, string, T> read)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            return read(stream, Path.GetFileName(path));
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            throw new MissingResourceException($"the {what} {path} cannot be read: {absent.Message}", "Name an existing, readable file.", absent);
        }
    }
}
