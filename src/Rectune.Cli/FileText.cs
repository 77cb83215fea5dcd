using System.Text;
using Rectune.Core.Domain;

namespace Rectune.Cli;

/// <summary>Opens the files that a user names.</summary>
internal static class FileText
{
    /// <summary>The whole text. Throws <see cref="MissingResourceException"/> when the file is absent or cannot be read.</summary>
    /// <param name="path">As the user wrote it.</param>
    /// <param name="what">What it is: <c>the plan</c>.</param>
    public static string Read(string path, string what)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MissingResourceException($"{path}: {what} does not exist.", "Check the name and the working folder.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MissingResourceException($"{path}: {what} cannot be read: {e.Message}", "Check that it is a file and that you may read it.", e);
        }
    }

    /// <summary>Throws <see cref="MissingResourceException"/> where a file's folder is missing: said before hours of work, not after them.</summary>
    /// <param name="flag">The option that says where.</param>
    public static void RequireFolder(string path, string what, string flag = "--out")
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder && !Directory.Exists(folder))
        {
            throw new MissingResourceException($"{path}: {what} cannot be written: there is no folder {folder}.", $"Make it, or choose another place with {flag}.");
        }
    }

    /// <summary>
    /// Writes through a temporary file beside it, so that an interruption leaves the old file or the new one and never a part. Throws
    /// <see cref="MissingResourceException"/> when the place cannot be written.
    /// </summary>
    public static void Write(string path, string text, string what)
    {
        var temporary = path + ".writing";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                stream.Write(Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MissingResourceException($"{path}: {what} cannot be written: {e.Message}", "Check that the folder exists and that you may write there.", e);
        }
    }
}
