using Rectune.Cli;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class SettingKindsTests
{
    [Theory]
    [InlineData("1", true)]
    [InlineData("2147483647", true)]
    [InlineData("0", false)]
    [InlineData("-1", false)]
    [InlineData("1.5", false)]
    [InlineData("2147483648", false)]
    [InlineData(" 1", false)]
    public void Count_Text_IsAWholePositiveNumber(string text, bool good) => Assert.Equal(good, SettingKinds.Count(text, out _).Count == 0);

    [Theory]
    [InlineData("1", true)]
    [InlineData("7", true)]
    [InlineData("8", false)]
    [InlineData("0", false)]
    [InlineData("99999999999", false)]
    public void CountUpTo_Text_IsAtMostThat(string text, bool good)
    {
        var problems = SettingKinds.CountUpTo(7)(text, out _);
        Assert.Equal(good ? [] : [$"found '{text}', expected a whole number from 1 to 7"], problems);
    }

    [Theory]
    [InlineData("0.5", true)]
    [InlineData("1e3", true)]
    [InlineData("0", false)]
    [InlineData("NaN", false)]
    [InlineData("Infinity", false)]
    [InlineData("-3", false)]
    [InlineData("1,000", false)]
    public void Rate_Text_IsPositiveAndFinite(string text, bool good) => Assert.Equal(good, SettingKinds.Rate(text, out _).Count == 0);

    [Theory]
    [InlineData("18446744073709551615", true)]
    [InlineData("18446744073709551616", false)]
    [InlineData("-0", false)]
    public void Seed_Text_FitsSixtyFourBits(string text, bool good) => Assert.Equal(good, SettingKinds.Seed(text, out _).Count == 0);

    [Fact]
    public void Target_BothHalvesBad_AreBothTold() => Assert.Equal(2, SettingKinds.Target("p42=x", out _).Count);

    [Fact]
    public void ListOf_SeveralWrong_TellsOfEach()
    {
        Assert.Equal(["found 'x', expected a positive number", "found '-1', expected a positive number"], SettingKinds.ListOf<double>(SettingKinds.Rate)("5,x,-1", out _));
        Assert.Empty(SettingKinds.ListOf<double>(SettingKinds.Rate)("5, 7.5", out var rates));
        Assert.Equal([5, 7.5], rates);
    }

    [Theory]
    [InlineData("bursty", true)]
    [InlineData("trace:load.csv", true)]
    [InlineData("trace:", false)]
    [InlineData("diurnal:3,1s", false)]
    public void ArrivalsChoice_Text_IsAProcessOrNamesAFile(string text, bool good) => Assert.Equal(good, ArrivalsChoice.Read(text, out _).Count == 0);

    [Theory]
    [InlineData("lognormal", true)]
    [InlineData("fixed:12", true)]
    [InlineData("trace:load.csv", true)]
    [InlineData("histogram:sizes.csv", true)]
    [InlineData("histogram:", false)]
    [InlineData("fixed:0", false)]
    public void SizesChoice_Text_IsADistributionOrNamesAFile(string text, bool good) => Assert.Equal(good, SizesChoice.Read(text, out _).Count == 0);

    [Fact]
    public void OneOf_NearChoice_IsSuggested()
    {
        Assert.Equal("found 'cots', expected one of goodput, cost; did you mean 'cost'?", Assert.Single(SettingKinds.OneOf("goodput", "cost")("cots", out _)));
        Assert.Empty(SettingKinds.OneOf("goodput", "cost")("cost", out var value));
        Assert.Equal("cost", value);
    }

    [Theory]
    [InlineData("cpu", true)]
    [InlineData("cpu, cuda:0", true)]
    [InlineData("cpu,,x", false)]
    [InlineData("", false)]
    public void List_Text_HasNoEmptyNames(string text, bool good) => Assert.Equal(good, SettingKinds.List(text, out _).Count == 0);

    [Theory]
    [InlineData("threads=1,2", "threads=1,2")]
    [InlineData("threads=1,2,instances=1", "threads=1,2", "instances=1")]
    [InlineData("representation=select(rows=5,k=4),dhe(k=8,decoder=4-2),threads=1", "representation=select(rows=5,k=4),dhe(k=8,decoder=4-2)", "threads=1")]
    [InlineData("representation=dhe(k=4,threads=1", "representation=dhe(k=4,threads=1")]
    [InlineData("dhe", "dhe")]
    public void Knobs_Text_IsCutWhereTheNextKnobBegins(string text, params string[] knobs)
    {
        Assert.Empty(SettingKinds.Knobs(text, out var value));
        Assert.Equal(knobs, value);
    }

    [Fact]
    public void Knobs_Nothing_SaysWhatIsExpected() => Assert.Single(SettingKinds.Knobs("", out _));
}
