using Newtonsoft.Json.Linq;
using Rectune.Cli;
using Rectune.Core.Models;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Tests.Fakes;
using Rectune.Tests.Hardware;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class RectuneAppTests : IDisposable
{
    private readonly RecordingWiring wiring = new();

    public void Dispose() => wiring.Dispose();

    [Theory]
    [InlineData("modles", "error: modles: not a command of rectune; did you mean 'models'?\n")]
    [InlineData("frobnicate", "error: frobnicate: not a command of rectune; see rectune --help\n")]
    [InlineData("models --jsn", "error: --jsn: not an option of rectune models; did you mean '--json'?\n")]
    [InlineData("models --jsn=1 x", "error: --jsn: not an option of rectune models; did you mean '--json'?\nerror: x: rectune models takes no such argument; see rectune models --help\n")]
    [InlineData("completion bsh", "error: shell: found 'bsh', expected one of bash, zsh, fish, pwsh; did you mean 'bash'?\n")]
    [InlineData("completion", "error: rectune completion: Required argument missing for command: 'completion'; see rectune completion --help\n")]
    public void Run_BadUsage_EndsWithTwoAndSuggests(string line, string expected)
    {
        Assert.Equal(ExitCodes.Input, wiring.Run(line.Split(' ')));
        Assert.Equal(expected, wiring.Error);
        Assert.Equal("", wiring.Output);
    }

    [Fact]
    public void Run_NoCommand_EndsWithTwoAndNamesTheCommands()
    {
        Assert.Equal(ExitCodes.Input, wiring.Run());
        Assert.StartsWith("error: rectune: no command given; one of ", wiring.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("launch", wiring.Error, StringComparison.Ordinal);
        Assert.Contains("models", wiring.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_Json_TellsThePublishedFigures()
    {
        Assert.Equal(ExitCodes.Done, wiring.Run("models", "--json"));
        var dlrm = JObject.Parse(wiring.Output)["models"]!.Single(m => (string)m["name"]! == "dlrm");
        Assert.Equal(475_985, (long)dlrm["denseParameters"]!);
        Assert.Equal(26, (long)dlrm["lookupsPerSample"]!);
        Assert.Equal(2_160_804_928, (long)dlrm["tableBytesFp32"]!);
        Assert.Equal((13 * 4) + (26 * 8), (long)dlrm["inputBytesPerSample"]!);
        Assert.Equal(["dlrm@kaggle"], dlrm["aliases"]!.Values<string>());
        Assert.Equal("published", (string)dlrm["sla"]!["source"]!);
    }

    [Fact]
    public void Models_Text_ShowsEveryModelOnALine()
    {
        Assert.Equal(ExitCodes.Done, wiring.Run("models"));
        Assert.Matches(@"(?m)^dlrm = dlrm@kaggle +475,985 +0\.96M +26 +26 +1,664 +260 +1 +2\.01GiB .*p99=60ms +published$", wiring.Output);
        Assert.Matches(@"(?m)^mtwnd +.* 43 +43 +5,504 +2,392 +640 .*p99=25ms +published$", wiring.Output);
        Assert.All(Zoo.Names, name => Assert.Matches($"(?m)^{name} ", wiring.Output));
    }

    [Fact]
    public void Devices_Json_IsTheMachineRecord()
    {
        wiring.GpuList = Dumps.TwoGpus;
        Assert.Equal(ExitCodes.Done, wiring.Run("devices", "--json"));
        var machine = RecordText.Read<Machine>(wiring.Output, "stdout");
        Assert.Equal(["cpu", "cuda:0", "cuda:1"], machine.Devices.Select(d => d.Id));
        Assert.Equal("9.9.9", machine.Runtime.OnnxRuntime);
    }

    [Fact]
    public void Devices_LibraryMissing_EndsWithThree()
    {
        wiring.OnnxRuntimeVersion = () => throw new MissingResourceException("no library.", "Build again.");
        Assert.Equal(ExitCodes.Environment, wiring.Run("devices"));
        Assert.Equal("error: no library. Build again.\n", wiring.Error);
    }

    [Fact]
    public void Doctor_NothingMissing_EndsWithZero()
    {
        Assert.Equal(ExitCodes.Done, wiring.Run("doctor", "--json"));
        var checks = JObject.Parse(wiring.Output)["checks"]!;
        Assert.Equal(
            ["sdk", "onnx-runtime", "gpu", "disk", "memory", "clock", "governor", "virtualization", "cpu-quota", "noise"], checks.Select(c => (string)c["name"]!));
        Assert.Equal("not visible here", (string)checks.Single(c => (string)c["name"]! == "governor")["found"]!);
    }

    [Fact]
    public void Doctor_LibraryMissing_EndsWithThreeAndStillChecksTheRest()
    {
        wiring.OnnxRuntimeVersion = () => throw new MissingResourceException("no library.", "Build again.");
        Assert.Equal(ExitCodes.Environment, wiring.Run("doctor"));
        Assert.Matches("(?m)^onnx-runtime +fail +no library. Build again.", wiring.Output);
        Assert.Matches("(?m)^noise ", wiring.Output);
    }

    [Fact]
    public async Task Doctor_Interrupted_EndsWith130()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        wiring.Cancellation = source.Token;
        Assert.Equal(ExitCodes.Interrupted, wiring.Run("doctor"));
    }

    [Theory]
    [InlineData("rectune mo", "models\n")]
    [InlineData("rectune be", "bench\n")]
    [InlineData("rectune bench http://127.0.0.1:8000 --encoding j", "json\n")]
    [InlineData("rectune completion z", "zsh\n")]
    public void Suggest_PartOfALine_OffersWhatFits(string line, string expected)
    {
        Assert.Equal(ExitCodes.Done, wiring.Run($"[suggest:{line.Length}]", line));
        Assert.Equal(expected, wiring.Output.TrimEnd('\n') + "\n");
    }

    /// <summary>Golden: what help says, command by command.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("models")]
    [InlineData("devices")]
    [InlineData("doctor")]
    [InlineData("completion")]
    public void Help_EachCommand_MatchesGolden(string command)
    {
        Assert.Equal(ExitCodes.Done, wiring.Run(command.Length == 0 ? ["--help"] : [command, "--help"]));
        Assert.Contains("Example", wiring.Output, StringComparison.Ordinal);
        Golden.Verify(wiring.Output.Replace("Rectune.Tests", "rectune", StringComparison.Ordinal), $"help{(command.Length == 0 ? "" : "-" + command)}.txt");
    }
}
