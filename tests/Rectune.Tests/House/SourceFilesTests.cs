using System.Text.RegularExpressions;
using Xunit;

namespace Rectune.Tests.House;

public sealed partial class SourceFilesTests
{
    private const int LongestFile = 400;

    [Fact]
    public void Source_StaysUnderCap()
    {
        var tooLong = Repository.Sources("src", "tests")
            .Where(file => !file.Contains("artifacts", StringComparison.Ordinal))
            .Select(file => (File: Path.GetRelativePath(Repository.Root, file), Lines: File.ReadAllLines(file).Length))
            .Where(entry => entry.Lines > LongestFile);
        Assert.Empty(tooLong);
    }

    [Fact]
    public void Source_HasOnePublicTypeAFile()
    {
        var several = Repository.Sources("src/Rectune.Core", "src/Rectune.Engine", "src/Rectune.Cli")
            .Select(file => (File: Path.GetRelativePath(Repository.Root, file), Types: PublicType().Count(File.ReadAllText(file))))
            .Where(entry => entry.Types > 1);
        Assert.Empty(several);
    }

    [Fact]
    public void Folder_IsNoDrawer()
    {
        string[] drawers = ["Utils", "Util", "Helpers", "Common", "Misc", "Manager"];
        var found = Repository.Sources("src", "tests")
            .SelectMany(file => Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar, '.'))
            .Where(part => drawers.Contains(part, StringComparer.OrdinalIgnoreCase));
        Assert.Empty(found);
    }

    [Fact]
    public void Readme_StaysUnderCap() => Assert.InRange(File.ReadAllLines(Path.Combine(Repository.Root, "README.md")).Length, 1, 250);

    [GeneratedRegex(@"^public (?:(?:static|sealed|abstract|partial|readonly|unsafe|ref) )*(?:class|record|struct|interface|enum|delegate) ?(?:struct|class)? ?\w+", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}
