using Rectune.Engine.Hardware;
using Xunit;

namespace Rectune.Tests.Hardware;

public sealed class OpenFilesTests
{
    [Theory]
    [InlineData("Max open files            1024                 524288               files     ", 1024L)]
    [InlineData("Max open files            unlimited            unlimited            files     ", null)]
    [InlineData("Max file locks            5                    6                    locks     ", null)]
    public void Limit_LineOfTheSystem_IsTheOneThatHoldsNow(string line, long? expected)
    {
        using var folder = new SystemFolder().With("/proc/self/limits", $"Limit                     Soft Limit           Hard Limit           Units     \n{line}");
        Assert.Equal(expected, OpenFiles.Limit(new SystemFiles(folder.Root)));
    }

    [Fact]
    public void Count_EntriesOfAnyKind_AreCounted()
    {
        using var folder = new SystemFolder().With("/proc/self/fd/0", "").With("/proc/self/fd/1", "");
        Assert.Equal(2, OpenFiles.Count(new SystemFiles(folder.Root)));
    }

    [Fact]
    public void All_SystemDoesNotTell_AreUnknown()
    {
        using var folder = new SystemFolder();
        var files = new SystemFiles(folder.Root);
        Assert.Null(OpenFiles.Limit(files));
        Assert.Null(OpenFiles.Count(files));
    }
}
