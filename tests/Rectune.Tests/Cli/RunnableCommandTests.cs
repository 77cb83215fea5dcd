using System.CommandLine;
using Newtonsoft.Json.Linq;
using Rectune.Cli;
using Rectune.Core.Domain;
using Rectune.Core.Units;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class RunnableCommandTests : IDisposable
{
    private static readonly SettingOf<Duration> Budget = new(SettingKinds.Time) { Name = "budget", Metavar = "TIME", Description = "time to spend", Default = "60s" };
    private static readonly SettingOf<Sla> Target = new(SettingKinds.Target) { Name = "sla", Metavar = "SLA", Description = "latency target", Required = true };
    private static readonly SettingOf<bool> Offline = new(SettingKinds.Switch) { Name = "offline", Description = "measure nothing", Default = "false" };

    private readonly RecordingWiring wiring = new();
    private readonly Argument<string> file = new("file");

    public void Dispose() => wiring.Dispose();

    [Fact]
    public void Run_FlagsAndArgument_ArriveWithTheirTypes()
    {
        var seen = "";
        var code = Run(
            i =>
            {
                seen = $"{i.Argument(file)} {i.Values.Get(Budget)} {i.Values.Get(Target)} {i.Values.Get(Offline)}";
                return 7;
            },
            "try", "--offline", "a.json", "--budget=90s", "--sla", "p99=20ms");
        Assert.Equal(7, code);
        Assert.Equal("a.json 90s p99=20ms True", seen);
    }

    [Fact]
    public void Run_ManyBadValues_AreAllToldAndNothingRuns()
    {
        var ran = false;
        var code = Run(
            _ =>
            {
                ran = true;
                return 0;
            },
            "try", "a", "--budget", "60", "--sla", "p42=x");
        Assert.Equal(ExitCodes.Input, code);
        Assert.False(ran);
        Assert.Equal("", wiring.Output);
        Assert.Equal(3, wiring.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("error: --sla: percentile: found 'p42', expected one of p50", wiring.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ShowConfig_Table_NamesTheSourceOfEachValue()
    {
        wiring.Environment["RECTUNE_OFFLINE"] = "true";
        Assert.Equal(ExitCodes.Done, Run(_ => throw new InvalidOperationException(), "try", "a", "--show-config"));
        Assert.Equal(
            """
            setting    value  source
            --budget   60s    built in
            --sla      -      not set
            --offline  true   RECTUNE_OFFLINE

            """,
            wiring.Output);
    }

    [Fact]
    public void ShowConfig_Json_IsOneDocument()
    {
        Run(_ => throw new InvalidOperationException(), "try", "a", "--show-config", "--json", "--sla", "p95=1ms");
        var settings = JObject.Parse(wiring.Output)["settings"]!;
        Assert.Equal(["built-in", "flag", "built-in"], settings.Select(s => (string)s["source"]!));
        Assert.Equal("p95=1ms", (string)settings[1]!["value"]!);
        Assert.Equal("", wiring.Error);
    }

    [Fact]
    public void ShowConfig_BadValue_IsRefused() => Assert.Equal(ExitCodes.Input, Run(_ => 0, "try", "a", "--show-config", "--budget", "x"));

    [Fact]
    public void Run_MisspeltVariable_WarnsAndGoesOn()
    {
        wiring.Environment["RECTUNE_BUDGT"] = "1s";
        Assert.Equal(0, Run(_ => 0, "try", "a", "--sla", "p99=1ms"));
        Assert.StartsWith("warning: RECTUNE_BUDGT", wiring.Error, StringComparison.Ordinal);
    }

    private int Run(Func<Invocation, int> run, params string[] arguments)
    {
        var built = wiring.Build();
        var global = new GlobalOptions();
        var root = new RootCommand();
        global.AddTo(root);
        var description = new CommandDescription
        {
            Name = "try",
            Summary = "Tries.",
            Examples = ["rectune try a"],
            Arguments = [file],
            Settings = [Budget, Target, Offline],
            Run = run,
        };
        root.Add(new RunnableCommand(description, built, global));
        return RectuneApp.Run(root, arguments, built, global);
    }
}
