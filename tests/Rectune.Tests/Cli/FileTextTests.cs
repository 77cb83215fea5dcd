using Rectune.Cli;
using Rectune.Core.Domain;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class FileTextTests : IDisposable
{
    private readonly RecordingWiring wiring = new();

    public void Dispose() => wiring.Dispose();

    [Fact]
    public void Read_AbsentFileOrFolder_SaysWhatIsMissing()
    {
        var missing = Assert.Throws<MissingResourceException>(() => FileText.Read(Path.Combine(wiring.Folder, "plan.json"), "the plan"));
        Assert.Contains("the plan does not exist", missing.Message, StringComparison.Ordinal);
        Assert.Throws<MissingResourceException>(() => FileText.Read(wiring.Folder, "the plan"));
    }

    [Fact]
    public void Write_ThenRead_IsTheTextAndLeavesNothingElse()
    {
        var path = Path.Combine(wiring.Folder, "plan.json");
        FileText.Write(path, "old", "the plan");
        FileText.Write(path, "new", "the plan");
        Assert.Equal("new", FileText.Read(path, "the plan"));
        Assert.Single(Directory.GetFiles(wiring.Folder));
    }

    [Fact]
    public void Write_NoSuchFolder_SaysSo() =>
        Assert.Throws<MissingResourceException>(() => FileText.Write(Path.Combine(wiring.Folder, "no", "plan.json"), "x", "the plan"));
}
