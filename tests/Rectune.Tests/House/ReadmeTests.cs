using System.Text.RegularExpressions;
using Xunit;

namespace Rectune.Tests.House;

public sealed partial class ReadmeTests
{
    [Fact]
    public void Commands_InReadme_AreRunByTheSteps()
    {
        var steps = File.ReadAllText(Path.Combine(Repository.Root, ".ci", "readme-steps"));
        var commands = Command().Matches(Readme).Select(match => match.Groups["command"].Value.Trim()).ToArray();
        Assert.True(commands.Length > 8);
        Assert.All(commands, command => Assert.Contains(command, steps, StringComparison.Ordinal));
    }

    [Fact]
    public void TestCommand_InReadme_IsTheOneThatCiCalls()
    {
        const string Command = "dotnet test --solution src/Rectune.slnx -c Release";
        Assert.Contains(Command, Readme, StringComparison.Ordinal);
        Assert.Contains(Command, File.ReadAllText(Path.Combine(Repository.Root, ".ci", "run")), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_InReadmes_Exist()
    {
        foreach (var readme in new[] { "README.md", "src/README.md" })
        {
            var text = File.ReadAllText(Path.Combine(Repository.Root, readme));
            foreach (Match match in PathName().Matches(text))
            {
                var path = match.Groups["path"].Value;
                Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), $"{readme} names {path}, which does not exist");
            }
        }
    }

    private static string Readme { get; } = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [GeneratedRegex(@"^    (?<command>\./rectune [^#\n]*)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Command();

    [GeneratedRegex(@"`(?<path>(src|tests|profiles|\.ci)/[A-Za-z0-9_./-]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex PathName();
}
