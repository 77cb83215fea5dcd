using Newtonsoft.Json.Linq;
using Rectune.Cli;
using Rectune.Core.Formats;
using Rectune.Tests.Fakes;
using Rectune.Tests.Serving;
using Rectune.Tests.Serving.Http;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class BenchCommandTests : IDisposable
{
    private readonly RecordingWiring wiring = new();

    public void Dispose() => wiring.Dispose();

    [Fact]
    public async Task Bench_TwoRates_ReportsEachAndWritesATable()
    {
        await using var running = await RunningServer.StartAsync();
        wiring.Write("card.json", CardFormat.Write(SmallRequests.Card));
        var csv = Path.Combine(wiring.Folder, "rates.csv");
        var code = wiring.Run(
            "bench", Url(running), "--model", Path.Combine(wiring.Folder, "card.json"), "--sla", "p99=20s", "--qps", "600,300", "--for", "1500ms", "--workload", "fixed:4", "--connections", "16", "--csv", csv, "--json");

        // How many queries fit this time is not enough for every verdict, but none of them can miss a limit of 20 s.
        Assert.True(code is ExitCodes.Done or ExitCodes.Inconclusive, wiring.Error);
        var report = RecordText.Read<BenchReport>(wiring.Output, "stdout");
        Assert.Equal((600, 300), (report.Rates[0].OfferedQps, report.Rates[1].OfferedQps));
        Assert.Null(report.Capacity);
        Assert.Equal("small", report.Model);
        Assert.All(report.Rates, rate =>
        {
            Assert.Equal(rate.Client.Sent, rate.Client.Answered);
            Assert.True(rate.Queries <= rate.Client.Sent);
            Assert.InRange(rate.Client.MostConnections, 1, 16);
            Assert.Equal(0, rate.Measured!.OverLimitShare.Value);
            Assert.InRange(rate.Generator!.GapVariation!.Value, 0.8, 1.2);
        });
        var lines = File.ReadAllLines(csv);
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.Equal(lines[0].Split(',').Length, line.Split(',').Length));
        Assert.StartsWith("600,", lines[1], StringComparison.Ordinal);
        Assert.Contains("in 1024 prepared requests, poisson arrivals, candidates of the card small", wiring.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_ServerTooSlowForAnyRate_EndsWithElevenAndNamesNone()
    {
        // Every query is refused: the ladder goes down from 200 queries/s and finds nothing.
        await using var running = await RunningServer.StartAsync();
        var code = Task.Run(() => wiring.Run("bench", Url(running), "--name", "small", "--sla", "p50=1ms", "--for", "300ms", "--workload", "fixed:4", "--timeout", "5s"), TestContext.Current.CancellationToken);
        Assert.True(SpinWait.SpinUntil(() => running.Target.Accepted > 0, TimeSpan.FromSeconds(30)));
        running.Target.Refuses = Core.Domain.Admission.QueueFull;
        Assert.True(await code is ExitCodes.Missed or ExitCodes.Inconclusive, wiring.Error);
        Assert.Contains("no rate was certified to hold p50=1ms; at ", wiring.Output, StringComparison.Ordinal);
        Assert.Contains("ids uniform below 2 (--max-id)", wiring.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_LimitThatNoGeneratorKeeps_EndsWithFourteenAndSaysSo()
    {
        await using var running = await RunningServer.StartAsync();
        Assert.Equal(ExitCodes.GeneratorLimited, wiring.Run("bench", Url(running), "--name", "small", "--sla", "p99=1us", "--qps", "500", "--for", "1500ms", "--workload", "fixed:4"));
        Assert.Contains("the load generator was the bottleneck", wiring.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.789")]
    [InlineData("accuracy=0.789")]
    public async Task Bench_QualityMin_IsAskedForByEveryQuery(string asked)
    {
        await using var running = await RunningServer.StartAsync();
        wiring.Run("bench", Url(running), "--name", "small", "--sla", "p50=20s", "--qps", "200", "--for", "300ms", "--workload", "fixed:4", "--quality-min", asked, "--json");
        Assert.Equal(0.789, running.Target.LastTerms!.Value.QualityMin);
        Assert.Equal(0.789, RecordText.Read<BenchReport>(wiring.Output, "stdout").QualityMin);
        Assert.Contains("each asking for a quality of 0.789", wiring.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_QualityThatIsNotServed_EndsWithTwoAndSaysWhy()
    {
        await using var running = await RunningServer.StartAsync();
        running.Target.Refuses = Core.Domain.Admission.NoSuchQuality;
        Assert.Equal(ExitCodes.Input, wiring.Run("bench", Url(running), "--name", "small", "--sla", "p50=20ms", "--workload", "fixed:4", "--quality-min", "0.95"));
        Assert.Contains("parameters.quality_min: found 0.95", wiring.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_UnknownModel_EndsWithTwo()
    {
        await using var running = await RunningServer.StartAsync();
        Assert.Equal(ExitCodes.Input, wiring.Run("bench", Url(running), "--name", "large", "--sla", "p99=20ms"));
        Assert.Contains("--name: found 'large', which the server at", wiring.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_ModelThatIsNotServed_EndsWithTwoAndTellsTheDifferences()
    {
        await using var running = await RunningServer.StartAsync();
        Assert.Equal(ExitCodes.Input, wiring.Run("bench", Url(running), "--model", "ncf", "--name", "small", "--sla", "p99=20ms", "--workload", "fixed:4"));
        Assert.Contains("the served model takes 'dense'", wiring.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Bench_NobodyListens_EndsWithThreeAndSaysHowToStartAServer()
    {
        var server = new ScriptedHttpServer(_ => ScriptedHttpServer.Scores);
        var url = server.Url;
        server.Dispose();
        Assert.Equal(ExitCodes.Environment, wiring.Run("bench", url, "--model", "dlrm", "--sla", "p99=20ms"));
        Assert.Contains("rectune apply plan.json", wiring.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--sla: is required without --model", "--name", "m")]
    [InlineData("--name: is required without --model", "--sla", "p99=20ms")]
    [InlineData("--max-id: found 5 beside --model", "--model", "dlrm", "--max-id", "5")]
    [InlineData("--skew: found 'uniform' without --model", "--name", "m", "--sla", "p99=20ms", "--skew", "uniform")]
    [InlineData("--timeout: found 10ms, expected at least the limit of p99=20ms", "--name", "m", "--sla", "p99=20ms", "--timeout", "10ms")]
    [InlineData("found '2', expected a number between 0 and 1, such as 0.789", "--name", "m", "--sla", "p99=20ms", "--quality-min", "2")]
    [InlineData("found the model file 'my.onnx'", "--model", "my.onnx", "--sla", "p99=20ms")]
    [InlineData("url: found 'ftp://127.0.0.1:1', expected http://, https:// or h2c://", "--name", "m", "--sla", "p99=20ms")]
    public void Bench_BadUsage_EndsWithTwo(string expected, params string[] settings)
    {
        Assert.Equal(ExitCodes.Input, wiring.Run(["bench", "ftp://127.0.0.1:1", .. settings]));
        Assert.Contains(expected, wiring.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Bench_CsvInAMissingFolder_EndsBeforeAnythingIsSent()
    {
        Assert.Equal(ExitCodes.Environment, wiring.Run("bench", "http://127.0.0.1:1", "--name", "m", "--sla", "p99=20ms", "--csv", Path.Combine(wiring.Folder, "missing", "a.csv")));
        Assert.Contains("choose another place with --csv", wiring.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Bench_ShowConfig_NamesEverySetting()
    {
        Assert.Equal(ExitCodes.Done, wiring.Run("bench", "http://127.0.0.1:1", "--show-config", "--json"));
        var names = JObject.Parse(wiring.Output)["settings"]!.Select(s => (string)s["flag"]!).ToArray();
        Assert.Contains("--connections", names);
        Assert.Contains("--encoding", names);
    }

    private static string Url(RunningServer running) => running.Server.Addresses[0].AbsoluteUri;
}
