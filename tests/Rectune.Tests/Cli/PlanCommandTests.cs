using Newtonsoft.Json.Linq;
using Rectune.Cli;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class PlanCommandTests : IDisposable
{
    private readonly RecordingWiring wiring = new();

    public void Dispose() => wiring.Dispose();

    [Fact]
    public void ShowConfig_Skew_ComesFromFlagEnvironmentFileOrTheCard()
    {
        Assert.Equal(("default", "built-in"), Shown("skew"));
        wiring.Write("rectune.json", """{ "skew": "uniform" }""");
        Assert.Equal(("uniform", "file"), Shown("skew"));
        wiring.Environment["RECTUNE_SKEW"] = "zipf:0.9";
        Assert.Equal(("zipf:0.9", "environment"), Shown("skew"));
        Assert.Equal(("trace:a.txt", "flag"), Shown("skew", "--skew", "trace:a.txt"));
    }

    [Fact]
    public void Plan_MalformedSkew_EndsWithTwoAndSaysWhatWasExpected()
    {
        Assert.Equal(2, wiring.Run("plan", "--model", "dlrm", "--skew", "zipf:x"));
        Assert.Contains("--skew: found 'zipf:x', expected zipf:ALPHA with an exponent from 0 to 10", wiring.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Plan_SkewBesideData_EndsWithTwoAndNamesTheSource(bool byFlag)
    {
        string[] line = ["plan", "--model", "dlrm", "--data", "clicks.tsv"];
        wiring.Write("rectune.json", """{ "skew": "uniform" }""");
        Assert.Equal(2, wiring.Run(byFlag ? [.. line, "--skew", "zipf:1"] : line));
        Assert.Contains(
            byFlag ? "--skew: found 'zipf:1' beside the click log clicks.tsv" : "$.skew: found 'uniform' beside the click log clicks.tsv", wiring.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_MalformedTrace_EndsWithTwoAndNamesLineAndColumn()
    {
        wiring.Write("trace.txt", "1\n2 three\n");
        wiring.Write("card.json", SmallCards.Text(SmallCards.MultiHot()));
        Assert.Equal(2, wiring.Run("plan", "--model", Path.Combine(wiring.Folder, "card.json"), "--skew", "trace:" + Path.Combine(wiring.Folder, "trace.txt")));
        Assert.Contains("trace.txt(2,3): found 'three', expected a whole number", wiring.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("default", "target p99=20ms (the card's, assumed: made up);")]
    [InlineData("p95=7ms", "target p95=7ms;")]
    public void Plan_DryRun_SaysWhereTheTargetComesFrom(string target, string expected)
    {
        wiring.Write("card.json", SmallCards.Text(SmallCards.Card(4, [SmallCards.Feature("a", 1000, 8)], [8])));
        Assert.Equal(0, wiring.Run("plan", "--model", Path.Combine(wiring.Folder, "card.json"), "--sla", target, "--dry-run"));
        Assert.Contains(expected, wiring.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_OutInAMissingFolder_EndsBeforeAnythingIsMeasured()
    {
        Assert.Equal(3, wiring.Run("plan", "--model", "dlrm", "--out", Path.Combine(wiring.Folder, "missing", "plan.json")));
        Assert.Contains("the plan cannot be written: there is no folder", wiring.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("target", wiring.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_SweepDryRun_NamesTheTargetsThatAreSwept()
    {
        wiring.Write("card.json", SmallCards.Text(SmallCards.Card(4, [SmallCards.Feature("a", 1000, 8)], [8])));
        Assert.Equal(0, wiring.Run("plan", "--model", Path.Combine(wiring.Folder, "card.json"), "--sweep", "sla=5ms,20ms", "--dry-run"));
        Assert.Contains("targets p99=5ms, 20ms; load", wiring.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_OfflineWithAnotherSeed_SaysThatTheSeedChoosesTheWeights()
    {
        wiring.Write("card.json", SmallCards.Text(SmallCards.Card(4, [SmallCards.Feature("a", 1000, 8)], [8])));
        Assert.Equal(3, wiring.Run("plan", "--model", Path.Combine(wiring.Folder, "card.json"), "--sla", "p99=5ms", "--seed", "2", "--offline"));
        Assert.Contains("random:2, by --seed", wiring.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(MeasuringProtocol.Current, false)]
    public void Plan_KnownMeasurements_AreToldWhereTheyWereTakenInAnotherWay(int protocol, bool told)
    {
        var card = SmallCards.Card(4, [SmallCards.Feature("a", 1000, 8)], [8]);
        wiring.Write("card.json", SmallCards.Text(card));
        var machine = DevicesCommand.Detect(wiring.Build());
        var row = SampleRecords.Row();
        row = row with
        {
            Key = row.Key with
            {
                Skew = "uniform",
                ModelSha256 = CardFormat.Sha256(card),
                MachineFingerprint = machine.Fingerprint,
                RuntimeFingerprint = (machine.Runtime with { Measuring = protocol == 1 ? null : protocol }).MeasuringFingerprint(),
            },
        };
        var journal = Path.Combine(wiring.Folder, "known.jsonl");
        using (var known = MeasurementJournal.Open(journal, row.Key, StillClock.AtNewYear(), _ => { }))
        {
            known.Measured(row);
        }

        Assert.Equal(0, wiring.Run("plan", "--model", Path.Combine(wiring.Folder, "card.json"), "--skew", "uniform", "--profile", journal, "--out", Path.Combine(wiring.Folder, "plan.json"), "--dry-run"));
        Assert.Equal(told, wiring.Error.Contains("taken in another way than is measured now (protocol 2): 1; they are not mixed with others, and what is needed of them is measured again", StringComparison.Ordinal));
    }

    [Fact]
    public void Plan_HeadsWithoutHeads_EndsWithTwo()
    {
        Assert.Equal(2, wiring.Run("plan", "--model", "dlrm", "--heads", "2"));
        Assert.Contains("--heads: found 2, but the model 'dlrm' has no heads", wiring.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("uniform", "ids uniform (the worst case for caches);")]
    [InlineData("zipf:0.9", "ids Zipf 0.9 (assumed);")]
    [InlineData("trace:", "trace.txt (5 ids, 40 % distinct, too few repeated ids for an exponent, hottest 1 % of ids takes 80 %, SHA-256 ")]
    public void Plan_DryRun_SaysWhichSkewHolds(string skew, string expected)
    {
        wiring.Write("trace.txt", "8 8 8 8 9");
        wiring.Write("card.json", SmallCards.Text(SmallCards.Card(4, [SmallCards.Feature("a", 1000, 8)], [8])));
        skew = skew == "trace:" ? skew + Path.Combine(wiring.Folder, "trace.txt") : skew;
        Assert.Equal(0, wiring.Run("plan", "--model", Path.Combine(wiring.Folder, "card.json"), "--skew", skew, "--dry-run"));
        Assert.Contains(expected, wiring.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Suggest_Skew_OffersEveryKind()
    {
        wiring.Run("[suggest:20]", "rectune plan --skew ");
        Assert.Equal(["default", "trace:FILE", "uniform", "zipf:ALPHA"], wiring.Output.Split('\n').Intersect(["default", "uniform", "zipf:ALPHA", "trace:FILE"]).Order());
    }

    private (string?, string?) Shown(string name, params string[] more)
    {
        var before = wiring.Output.Length;
        Assert.Equal(0, wiring.Run(["plan", "--show-config", "--json", .. more]));
        var setting = JObject.Parse(wiring.Output[before..])["settings"]!.Single(s => (string?)s["name"] == name);
        return ((string?)setting["value"], (string?)setting["source"]);
    }
}
