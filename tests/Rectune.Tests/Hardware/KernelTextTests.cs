using Rectune.Engine.Hardware;
using Xunit;

namespace Rectune.Tests.Hardware;

public sealed class KernelTextTests
{
    [Theory]
    [InlineData("0-1", new[] { 0, 1 })]
    [InlineData("0-2,5,7-8\n", new[] { 0, 1, 2, 5, 7, 8 })]
    [InlineData("3", new[] { 3 })]
    [InlineData("", new int[0])]
    [InlineData(null, new int[0])]
    [InlineData("a-b", new int[0])]
    [InlineData("5-2", new int[0])]
    [InlineData("0-99999999999", new int[0])]
    public void List_Text_IsExpanded(string? text, int[] expected) => Assert.Equal(expected, KernelText.List(text));

    [Theory]
    [InlineData("32K", 32768L)]
    [InlineData("1024K", 1048576L)]
    [InlineData("24684092 kB", 25276510208L)]
    [InlineData("143771 MiB", 150754820096L)]
    [InlineData("12", 12L)]
    [InlineData("[N/A]", null)]
    [InlineData("K", null)]
    [InlineData("9223372036854775807 kB", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Size_Text_IsInBytes(string? text, long? expected) => Assert.Equal(expected, KernelText.Size(text));

    [Theory]
    [InlineData("a: 1\nab: 2\n", "ab", "2")]
    [InlineData("cpu cores\t: 32\n", "cpu cores", "32")]
    [InlineData("inactive_file 77\n", "inactive_file", "77")]
    [InlineData("PRETTY_NAME=\"X: y\"\n", "PRETTY_NAME", "\"X: y\"")]
    [InlineData("cpu  10 2\ncpu0 4 1\n", "cpu", "10 2")]
    [InlineData("ab: 2\n", "a", null)]
    [InlineData(null, "a", null)]
    public void Field_Key_IsFoundWhole(string? text, string key, string? expected) => Assert.Equal(expected, KernelText.Field(text, key));
}
