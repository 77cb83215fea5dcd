using Rectune.Cli;
using Rectune.Core.Domain;
using Rectune.Core.Units;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class ConfigurationSourcesTests : IDisposable
{
    private static readonly SettingOf<ByteSize> Memory = new(SettingKinds.Size) { Name = "memory-max", Metavar = "SIZE", Description = "most memory", Otherwise = "what there is" };
    private static readonly SettingOf<Duration> Budget = new(SettingKinds.Time) { Name = "budget", Metavar = "TIME", Description = "time to spend", Default = "60s" };
    private static readonly SettingOf<ulong> Seed = new(SettingKinds.Seed) { Name = "seed", Metavar = "N", Description = "seed", Default = "1" };
    private static readonly SettingOf<bool> Offline = new(SettingKinds.Switch) { Name = "offline", Description = "measure nothing", Default = "false" };
    private static readonly SettingOf<IReadOnlyList<string>> Devices =
        new(SettingKinds.List) { Name = "devices", Metavar = "D", Description = "devices", Default = "cpu", Many = true };

    private static readonly SettingOf<string> Model = new(SettingKinds.Text) { Name = "model", Metavar = "M", Description = "model", Required = true };

    private static readonly Setting[] All = [Memory, Budget, Seed, Offline, Devices];

    private readonly RecordingWiring wiring = new();

    public void Dispose() => wiring.Dispose();

    [Fact]
    public void Names_OfOneSetting_FollowFromItsName()
    {
        Assert.Equal("--memory-max", Memory.Flag);
        Assert.Equal("RECTUNE_MEMORY_MAX", Memory.Variable);
        Assert.Equal("memoryMax", Memory.Key);
    }

    [Fact]
    public void Resolve_EverySource_TheStrongestHolds()
    {
        wiring.Write("rectune.json", """{"seed": 3, "budget": "30s", "memoryMax": "1GiB"}""");
        wiring.Environment["RECTUNE_SEED"] = "2";
        wiring.Environment["RECTUNE_BUDGET"] = "20s";
        var values = Resolve(All, (Budget, ["10s"]));
        Assert.Equal(Duration.FromSeconds(10), values.Get(Budget));
        Assert.Equal(2UL, values.Get(Seed));
        Assert.True(values.TryGet(Memory, out var memory));
        Assert.Equal(1L << 30, memory.Bytes);
        Assert.False(values.Get(Offline));
        Assert.Equal(
            [
                (SettingSource.File, "rectune.json(1,43): $.memoryMax"), (SettingSource.Flag, "--budget"), (SettingSource.Environment, "RECTUNE_SEED"),
                (SettingSource.BuiltIn, "built in"), (SettingSource.BuiltIn, "built in"),
            ],
            values.All.Select(e => (e.Source, e.Where)));
    }

    [Fact]
    public void Resolve_NothingSet_TellsWhatHoldsInstead()
    {
        var values = Resolve(All);
        Assert.False(values.TryGet(Memory, out _));
        Assert.Equal((SettingSource.NotSet, "what there is"), (values.Of(Memory).Source, values.Of(Memory).Where));
        Assert.Equal(["cpu"], values.Get(Devices));
    }

    [Fact]
    public void Resolve_BadValuesFromEverySource_AreAllNamed()
    {
        wiring.Write("rectune.json", "{\n  \"memoryMax\": 8,\n  \"offline\": \"yes\"\n}");
        wiring.Environment["RECTUNE_SEED"] = "-1";
        var problems = Problems([.. All, Model], (Budget, ["60"]));
        Assert.Equal(["rectune.json(2,16): $.memoryMax", "--budget", "RECTUNE_SEED", "rectune.json(3,14): $.offline", "--model"], problems.Select(p => p.Where));
        Assert.Contains("without a unit", problems[1].What, StringComparison.Ordinal);
        Assert.Contains("RECTUNE_MODEL", problems[4].Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_UnknownKey_IsRefusedWithTheNearest()
    {
        wiring.Write("rectune.json", "{\"buget\": \"1s\"}");
        Assert.Equal("rectune.json(1,2): $.buget: unknown setting; did you mean 'budget'?", Assert.Single(Problems(All)).ToString());
    }

    [Fact]
    public void Resolve_KeyOfAnotherCommand_IsAccepted()
    {
        wiring.Write("rectune.json", "{\"model\": \"dlrm\"}");
        var sources = new ConfigurationSources(wiring.Environment, wiring.Folder, [.. All, Model]);
        Assert.Equal(1UL, sources.Resolve(All, _ => []).Get(Seed));
    }

    [Fact]
    public void Resolve_TruncatedFile_IsRefusedTogetherWithTheRest()
    {
        wiring.Write("rectune.json", "{\"seed\": ");
        Assert.Equal(["rectune.json(1,10)", "--budget"], Problems(All, (Budget, ["x"])).Select(p => p.Where));
    }

    [Fact]
    public void Resolve_RepeatedFlag_IsAListOrAProblem()
    {
        Assert.Equal(["cpu", "cuda:0"], Resolve(All, (Devices, ["cpu", "cuda:0"])).Get(Devices));
        Assert.Equal("--seed: found 2 values, expected one", Problems(All, (Seed, ["1", "2"]))[0].ToString());
    }

    [Fact]
    public void Resolve_EmptyVariable_IsABadValueAndNotIgnored()
    {
        wiring.Environment["RECTUNE_SEED"] = "";
        Assert.Equal("RECTUNE_SEED", Assert.Single(Problems(All)).Where);
    }

    [Fact]
    public void Misspelt_NearAKnownVariable_IsToldAndOthersAreNot()
    {
        wiring.Environment["RECTUNE_BUGET"] = "1s";
        wiring.Environment["RECTUNE_SOMETHING_ELSE"] = "1";
        wiring.Environment["RECTUNE_SEED"] = "1";
        var told = Assert.Single(new ConfigurationSources(wiring.Environment, wiring.Folder, All).Misspelt());
        Assert.Equal("RECTUNE_BUGET is not a setting and is ignored; did you mean RECTUNE_BUDGET?", told);
    }

    private SettingValues Resolve(Setting[] settings, params (Setting Setting, string[] Values)[] flags) =>
        new ConfigurationSources(wiring.Environment, wiring.Folder, settings)
            .Resolve(settings, s => flags.FirstOrDefault(f => ReferenceEquals(f.Setting, s)).Values ?? []);

    private IReadOnlyList<InputProblem> Problems(Setting[] settings, params (Setting Setting, string[] Values)[] flags) =>
        Assert.Throws<InvalidInputException>(() => Resolve(settings, flags)).Problems;
}
