using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Xunit;

namespace Rectune.EndToEnd;

/// <summary>Every exit code of the contract, reached as a user reaches it. (1, a bug, is tested where exceptions become codes.)</summary>
[Collection(nameof(PlannedModel))]
public sealed class ExitCodeTests(PlannedModel planned) : IDisposable
{
    private readonly Rectune rectune = new();

    public void Dispose() => rectune.Dispose();

    [Fact]
    public void Plan_SmallModelAtALoadItHolds_Is0AndMet()
    {
        Assert.True(planned.Result.Code == 0, planned.Result.ToString());
        Assert.Equal(Verdict.Met, planned.Plan.Validated.Verdict);
        Assert.Equal(400, planned.Plan.Promise.Qps);
    }

    [Fact]
    public void Plan_Json_PrintsThePlanAndNothingElse()
    {
        var printed = PlanFormat.Read(planned.Result.Output, "stdout");
        Assert.Equal(planned.Plan.Sha256, printed.Sha256);
    }

    [Fact]
    public void Verify_AtThePromise_Is0AndReportsBothSides()
    {
        planned.CopyTo(rectune, "plan.json");
        var result = rectune.Run("verify", "plan.json", "--for", "8s", "--json");
        for (var i = 0; i < 3 && result.Code == 13; i++)
        {
            result = rectune.Run("verify", "plan.json", "--for", "16s", "--json");
        }

        Assert.True(result.Code == 0, result.ToString());
        var report = Newtonsoft.Json.Linq.JObject.Parse(result.Output);
        Assert.Equal("met", (string?)report["verdict"]);
        Assert.True((double)report["measured"]!["p99Ms"]!["value"]! <= 200);
        Assert.NotNull(report["predicted"]!["p99Ms"]);
        Assert.NotNull(report["generator"]!["latenessP99Us"]);
    }

    [Theory]
    [InlineData("plan", "--model", "dlmr", "--sla", "p99=20ms")]
    [InlineData("plan", "--model", "dlrm", "--sla", "p99=20")]
    [InlineData("plan", "--model", "dlrm", "--sla", "p42=x")]
    [InlineData("plan", "--model", "dlrm", "--workload", "lognormall")]
    [InlineData("plan", "--model", "dlrm", "--nonsense", "1")]
    [InlineData("frobnicate")]
    public void BadUsage_Is2AndSaysWhatWasExpected(params string[] arguments)
    {
        var result = rectune.Run(arguments);
        Assert.True(result.Code == 2, result.ToString());
        Assert.Contains("error:", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownModel_SuggestsTheNearest() =>
        Assert.Contains("did you mean 'dlrm'", rectune.Run("plan", "--model", "dlmr", "--sla", "p99=20ms").Error, StringComparison.Ordinal);

    [Fact]
    public void BadSla_ListsBothProblems()
    {
        var error = rectune.Run("plan", "--model", "dlrm", "--sla", "p42=x").Error;
        Assert.Contains("p42", error, StringComparison.Ordinal);
        Assert.Contains("'x'", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("altered")]
    [InlineData("newer")]
    public void DamagedPlan_Is2AndNamesThePlace(string damage)
    {
        planned.CopyTo(rectune, "plan.json");
        var text = File.ReadAllText(rectune.PathOf("plan.json"));
        rectune.Write("plan.json", damage switch
        {
            "truncated" => text[..(text.Length / 2)],
            "altered" => text.Replace("\"queueLimit\": 1024", "\"queueLimit\": 1023", StringComparison.Ordinal),
            _ => text.Replace("rectune.plan/1", "rectune.plan/9", StringComparison.Ordinal),
        });
        foreach (var command in new[] { "verify", "apply" })
        {
            var result = rectune.Run(command, "plan.json");
            Assert.True(result.Code == 2, result.ToString());
            Assert.Contains("plan.json", result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void BadClickLog_Is2WithLineAndColumn()
    {
        rectune.Write("small.json", SmallModel.Card());
        rectune.Write("clicks.tsv", SmallModel.Clicks(50).Replace("\t", ",", StringComparison.Ordinal));
        var result = rectune.Run("plan", "--model", "small.json", "--sla", "p99=200ms", "--data", "clicks.tsv");
        Assert.True(result.Code == 2, result.ToString());
        Assert.Contains("clicks.tsv(1,", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify", "absent.json")]
    [InlineData("apply", "absent.json")]
    [InlineData("plan", "--model", "absent.json", "--sla", "p99=20ms")]
    [InlineData("plan", "--model", "dlrm", "--sla", "p99=20ms", "--data", "absent.tsv")]
    [InlineData("plan", "--model", "dlrm", "--sla", "p99=20ms", "--offline")]
    public void MissingThings_Are3(params string[] arguments)
    {
        var result = rectune.Run(arguments);
        Assert.True(result.Code == 3, result.ToString());
        Assert.Contains("error:", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void PortTaken_Is3AndNamesThePort()
    {
        planned.CopyTo(rectune, "plan.json");
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        var result = rectune.Run("apply", "plan.json", "--urls", $"http://127.0.0.1:{port}");
        Assert.True(result.Code == 3, result.ToString());
        Assert.Contains($"{port}", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ImpossibleSla_Is10WithTheClosestCandidate()
    {
        rectune.Write("small.json", SmallModel.Card());
        var result = rectune.Run("plan", "--model", "small.json", "--sla", "p99=1us", "--budget", "6s");
        Assert.True(result.Code == 10, result.ToString());
        Assert.Contains("latency binds", result.Error, StringComparison.Ordinal);
        Assert.Contains("Closest: table-", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(rectune.PathOf("plan.json")));
    }

    [Fact]
    public void NoMemoryForTheTables_Is10AndSaysHowMuchIsNeeded()
    {
        var result = rectune.Run("plan", "--model", "dlrm", "--sla", "p99=20ms", "--memory-max", "50MiB");
        Assert.True(result.Code == 10, result.ToString());
        Assert.Contains("memory binds", result.Error, StringComparison.Ordinal);
        Assert.Contains("as table int8", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Relax", result.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Overload_Is11()
    {
        // Far more work than any machine does: the promise is broken, not undecided.
        planned.CopyTo(rectune, "plan.json", plan => plan with
        {
            Sla = plan.Sla with { LimitMs = 100 },
            Promise = plan.Promise with { LimitMs = 100, Qps = 3000 },
            Scheduler = plan.Scheduler with { QueueLimit = 4 },
            Workload = plan.Workload with { Sizes = "fixed:4096" },
        });
        var result = rectune.Run("verify", "plan.json", "--for", "5s", "--json");
        Assert.True(result.Code == 11, result.ToString());
        Assert.Equal("missed", (string?)Newtonsoft.Json.Linq.JObject.Parse(result.Output)["verdict"]);
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("apply")]
    public void PlanOfAnotherMachine_Is12UnlessAllowed(string command)
    {
        planned.CopyTo(rectune, "plan.json", plan => plan with
        {
            Machines = [plan.Machines[0] with { Fingerprint = new string('0', 64), Cpu = plan.Machines[0].Cpu with { Name = "Another Processor" } }],
        });
        var result = rectune.Run(command, "plan.json");
        Assert.True(result.Code == 12, result.ToString());
        Assert.Contains("Another Processor", result.Error, StringComparison.Ordinal);
        if (command == "verify")
        {
            Assert.NotEqual(12, rectune.Run(command, "plan.json", "--allow-stale", "--for", "3s").Code);
        }
    }

    [Fact]
    public void TooLittleEvidence_Is13AndSaysHowMuchIsNeeded()
    {
        planned.CopyTo(rectune, "plan.json");
        var result = rectune.Run("verify", "plan.json", "--for", "3s", "--qps", "20", "--json");
        Assert.True(result.Code == 13, result.ToString());
        Assert.True((long)Newtonsoft.Json.Linq.JObject.Parse(result.Output)["queriesNeeded"]! > 0);
    }

    [Fact]
    public void SeveralRates_AreEachReportedAndTheWorstIsTheCode()
    {
        planned.CopyTo(rectune, "plan.json");
        var result = rectune.Run("verify", "plan.json", "--for", "2s", "--qps", "20,30", "--json");
        Assert.True(result.Code == 13, result.ToString());
        var rates = Newtonsoft.Json.Linq.JObject.Parse(result.Output)["rates"]!;
        Assert.Equal([20.0, 30.0], rates.Select(rate => (double)rate["offeredQps"]!));
        Assert.All(rates, rate => Assert.Equal("inconclusive", (string?)rate["verdict"]));
    }

    [Fact]
    public void GeneratorTooSlow_Is14()
    {
        // No thread that sleeps between queries is on time to 5 us in 99 % of cases.
        planned.CopyTo(rectune, "plan.json", plan => plan with { Sla = plan.Sla with { LimitMs = 0.005 }, Promise = plan.Promise with { LimitMs = 0.005 } });
        var result = rectune.Run("verify", "plan.json", "--for", "3s");
        Assert.True(result.Code == 14, result.ToString());
        Assert.Contains("load generator was the bottleneck", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupt_Is130AndTheSameCommandGoesOn()
    {
        rectune.Write("small.json", SmallModel.Card());
        string[] plan = ["plan", "--model", "small.json", "--sla", "p99=200ms", "--qps", "400", "--budget", "20s"];
        var journal = rectune.PathOf("plan.measurements.jsonl");
        using (var process = rectune.Start(plan))
        {
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            var waited = System.Diagnostics.Stopwatch.StartNew();
            while ((!File.Exists(journal) || new FileInfo(journal).Length == 0) && waited.Elapsed < TimeSpan.FromSeconds(60))
            {
                await Task.Delay(50);
            }

            Rectune.Signal(process, "INT");
            Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
            Assert.True(process.ExitCode == 130, $"exit {process.ExitCode}: {await error} {await output}");
            Assert.Contains("the same command goes on", await error, StringComparison.Ordinal);
        }

        var kept = await File.ReadAllLinesAsync(journal);
        Assert.NotEmpty(kept);
        var resumed = rectune.Run(plan);
        Assert.True(resumed.Code is 0 or 13, resumed.ToString());
        Assert.Equal(kept, (await File.ReadAllLinesAsync(journal))[..kept.Length]);
    }
}
