using Rectune.Core.Domain;

namespace Rectune.Cli.Files;

/// <summary>Files that exist whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes beside the target, flushes to disk, then renames over it.</summary>
    public static void Write(string path, string text)
    {
        var temporary = path + ".partial";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MissingResourceException($"{path} cannot be written: {e.Message}", "Choose another place with --out, or free space.", e);
        }
    }

    /// <summary>The whole text; a missing file is an environment fault that says how such a file comes to be.</summary>
    public static string Read(string path, string remedy)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MissingResourceException($"{path} does not exist.", remedy, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MissingResourceException($"{path} cannot be read: {e.Message}", "Check the path and its permissions.", e);
        }
    }
}
