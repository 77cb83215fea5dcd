using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Xunit;

namespace Rectune.Tests.Formats;

public sealed class SettingsFormatTests
{
    private static readonly string[] Known = ["budget", "seed", "devices", "quiet"];

    [Fact]
    public void Read_PlainValues_KeepTheirTextAndPlace()
    {
        var settings = SettingsFormat.Read("{\n  \"budget\": \"60s\",\n  \"seed\": 7, \"quiet\": true, \"devices\": [\"cpu\", \"cuda:0\"]\n}", "rectune.json", Known);
        Assert.Equal(new SettingText("60s", "rectune.json(2,13): $.budget"), settings["budget"]);
        Assert.Equal(new SettingText("7", "rectune.json(3,11): $.seed"), settings["seed"]);
        Assert.Equal("true", settings["quiet"].Text);
        Assert.Equal("cpu,cuda:0", settings["devices"].Text);
    }

    [Fact]
    public void Read_UnknownNestedAndDuplicate_ReportsAll()
    {
        var problems = Assert.Throws<InvalidInputException>(
            () => SettingsFormat.Read("{\n\"buget\": 1,\n\"seed\": {},\n\"quiet\": null,\n\"seed\": 2}", "rectune.json", Known)).Problems;
        Assert.Equal(
            [
                "rectune.json(2,1): $.buget: unknown setting; did you mean 'budget'?",
                "rectune.json(3,9): $.seed: found an object, expected a string, a number, true or false, or a list of them",
                "rectune.json(4,10): $.quiet: found null, expected a string, a number, true or false, or a list of them",
                "rectune.json(5,1): $.seed: the member appears twice; keep one",
            ],
            problems.Select(p => p.ToString()));
    }
}
