using Rectune.Engine.Profiling;
using Xunit;

namespace Rectune.Tests.Profiling;

public sealed class CpuTimesTests
{
    [Fact]
    public void BusyShare_TwoReadings_LeavesOutIdleWaitingAndStolenTime()
    {
        var before = CpuTimes.Parse("cpu  100 0 50 1000 10 0 0 5 0 0\ncpu0 1 2 3\n");
        var after = CpuTimes.Parse("cpu  140 0 60 1100 30 0 0 35 0 0\n");
        Assert.Equal(50.0 / 200, CpuTimes.BusyShare(before, after)!.Value, 12);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("cpu 1 2 3\n")]
    [InlineData("cpu a b c d e f g h\n")]
    public void Parse_NoSuchLine_IsUnknown(string? text)
    {
        Assert.Null(CpuTimes.Parse(text));
        Assert.Null(CpuTimes.BusyShare(CpuTimes.Parse(text), CpuTimes.Parse("cpu 1 1 1 1 1 1 1 1\n")));
    }
}
