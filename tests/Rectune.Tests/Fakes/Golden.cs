using System.Runtime.CompilerServices;
using Xunit;

namespace Rectune.Tests.Fakes;

/// <summary>Compares a text with the file in the folder <c>golden</c> beside the test; RECTUNE_ACCEPT=1 rewrites the file.</summary>
internal static class Golden
{
    public static void Verify(string text, string name, [CallerFilePath] string test = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(test)!, "golden", name);
        if (RepositoryFiles.Accepting)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        Assert.True(File.Exists(file), $"{name} is missing: run the test with RECTUNE_ACCEPT=1 and review the file");
        Assert.Equal(File.ReadAllText(file), text);
    }
}
