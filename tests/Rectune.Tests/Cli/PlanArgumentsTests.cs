using Rectune.Cli;
using Rectune.Core.Domain;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class PlanArgumentsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rectune-asked");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Of_FlagsVariablesAndBuiltIn_AreRecordedByTheirNamesAndTheRestIsNot()
    {
        var asked = PlanArguments.Of(Values(
            new() { ["RECTUNE_MEMORY_MAX"] = "8GiB" },
            ("model", ["dlrm"]), ("sla", ["p99=20ms"]), ("set", ["threads=1,2", "representation=table,dhe(k=64,decoder=32)"]), ("lossy", ["true"]), ("out", ["here.json"]), ("tables", ["there"]), ("explain", ["true"]), ("strict", ["true"])));

        Assert.Equal(
            ["arrivals", "budget", "launches", "lossy", "memoryMax", "model", "noCache", "offline", "search", "seed", "set", "skew", "sla", "space", "tables", "workload"], asked.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("8GiB", "p99=20ms", "90s", "default"), (asked["memoryMax"], asked["sla"], asked["budget"], asked["space"]));
        Assert.Equal("threads=1,2,representation=table,dhe(k=64,decoder=32)", asked["set"]);
    }

    [Fact]
    public void Of_SameValuesFromOtherPlaces_AreTheSame()
    {
        File.WriteAllText(Path.Combine(folder.FullName, "rectune.json"), """{ "memoryMax": "8GiB" }""");
        Assert.Equal(
            PlanArguments.Of(Values([], ("model", ["dlrm"]), ("memory-max", ["8GiB"]))),
            PlanArguments.Of(Values(new() { ["RECTUNE_MODEL"] = "dlrm" })));
    }

    [Fact]
    public void Read_WhatWasRecorded_IsAsTheCommandHadIt()
    {
        var told = Values([], ("model", ["dlrm"]), ("set", ["threads=1,2", "instances=2"]), ("memory-max", ["8GiB"]), ("quality", ["dhe=0.79"]), ("quality-min", ["accuracy=0.78"]), ("profile", ["a", "b"]), ("budget", ["30s"]));
        var read = PlanArguments.Read(PlanArguments.Of(told));
        Assert.Equal(["threads=1,2", "instances=2"], MeasuringSettings.KnobsOf(read));
        Assert.Equal(8L << 30, MeasuringSettings.MemoryMaxOf(read)!.Value.Bytes);
        Assert.Equal(0.79, QualitySettings.KnownOf(read)["dhe"]);
        Assert.Equal(["a", "b"], PlanCommand.ProfilesOf(read));
        Assert.Equal(30, PlanCommand.BudgetOf(read).Seconds);
        Assert.False(PlanCommand.LossyOf(read));
    }

    [Fact]
    public void Read_ArgumentsOfAnotherVersion_TakesWhatItKnowsAndTellsWhatItCannotRead()
    {
        var read = PlanArguments.Read(new Dictionary<string, string> { ["model"] = "dlrm", ["somethingNewer"] = "x" });
        Assert.Equal(90, PlanCommand.BudgetOf(read).Seconds);

        var refused = Assert.Throws<InvalidInputException>(() => PlanArguments.Read(new Dictionary<string, string> { ["memoryMax"] = "much", ["budget"] = "long" }));
        Assert.Equal(["the plan: $.asked.memoryMax", "the plan: $.asked.budget"], refused.Problems.Select(problem => problem.Where));
    }

    [Fact]
    public void CommandLine_OfWhatWasTold_LeavesOutWhatIsBuiltInAndQuotesForTheShell() =>
        Assert.Equal(
            "rectune plan --model 'my card.json' --sla p99=20ms --set 'representation=table,dhe(k=64,decoder=32)' --lossy",
            PlanArguments.CommandLine(PlanArguments.Of(Values([], ("model", ["my card.json"]), ("sla", ["p99=20ms"]), ("set", ["representation=table,dhe(k=64,decoder=32)"]), ("lossy", ["true"]), ("seed", ["1"])))));

    [Fact]
    public void CommandLine_OfAPlanWithMappedTables_NamesTheirFolder() =>
        Assert.Equal(
            "rectune plan --model dlrm --set placement=mapped --tables there",
            PlanArguments.CommandLine(PlanArguments.Of(Values([], ("model", ["dlrm"]), ("set", ["placement=mapped"]), ("tables", ["there"])))));

    private SettingValues Values(Dictionary<string, string> environment, params (string Name, string[] Texts)[] flags)
    {
        var settings = PlanCommand.Create().Settings;
        return new ConfigurationSources(environment, folder.FullName, [.. settings]).Resolve(settings, setting => flags.FirstOrDefault(flag => flag.Name == setting.Name).Texts ?? []);
    }
}
