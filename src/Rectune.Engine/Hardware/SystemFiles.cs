namespace Rectune.Engine.Hardware;

/// <summary>Reads the files in which a system describes itself. What cannot be read is null.</summary>
/// <param name="root">Folder that stands for <c>/</c>.</param>
public sealed class SystemFiles(string root = "/")
{
    /// <summary>The text without surrounding white space; null when the file is absent or unreadable.</summary>
    public string? Read(string path)
    {
        try
        {
            return File.ReadAllText(Full(path)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Names of the folders in a folder, in order; none when it is absent or unreadable.</summary>
    public IReadOnlyList<string> Folders(string path)
    {
        try
        {
            return [.. Directory.GetDirectories(Full(path)).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>How many entries of any kind a folder has; null when it is absent or unreadable.</summary>
    public int? Entries(string path)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(Full(path)).Count();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string Full(string path) => Path.Combine(root, path.TrimStart('/'));
}
