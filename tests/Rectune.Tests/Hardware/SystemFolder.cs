namespace Rectune.Tests.Hardware;

/// <summary>A folder that stands for the root of a described system; removed when disposed.</summary>
public sealed class SystemFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("rectune-system").FullName;

    public SystemFolder With(string path, string text)
    {
        var file = Path.Combine(Root, path.TrimStart('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text + "\n");
        return this;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
