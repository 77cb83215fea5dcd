using Newtonsoft.Json.Linq;
using Xunit;

namespace Rectune.EndToEnd;

/// <summary>The profile that comes with the project: a plan for everyone who has measured nothing yet.</summary>
public sealed class CommittedProfileTests : IDisposable
{
    private static readonly string Profile = Path.Combine(Rectune.Root, "profiles", "cloud-epyc-2c");

    private readonly Rectune rectune = new();

    public void Dispose() => rectune.Dispose();

    [Fact]
    public void Verify_IsWhole()
    {
        var verified = rectune.Run("profile", "--verify", Profile);
        Assert.True(verified.Code == 0, verified.ToString());
    }

    [Theory]
    [InlineData("dlrm", "p99=20ms", "default")]
    [InlineData("ncf", "default", "quick")]
    [InlineData("wnd", "p99=60ms", "quick")]
    [InlineData("din", "default", "quick")]
    [InlineData("rm1", "default", "quick")]
    public void PlanOffline_EveryModelInIt_PromisesARateWithoutMeasuring(string model, string sla, string space)
    {
        var planned = rectune.Run("plan", "--model", model, "--sla", sla, "--space", space, "--profile", Profile, "--offline", "--json");
        Assert.True(planned.Code == 0, planned.ToString());
        var plan = JObject.Parse(planned.Output);
        Assert.True((double)plan["promise"]!["qps"]! > 0);
        Assert.Equal("not-run", (string?)plan["validated"]!["verdict"]);
        Assert.Equal((int)plan["provenance"]!["total"]!, (int)plan["provenance"]!["measured"]!);
    }

    [Fact]
    public void Simulate_PlanFromIt_IsPredictedLikeThePlanAndHeldUpToItsCapacity()
    {
        var planned = rectune.Run("plan", "--model", "ncf", "--sla", "default", "--space", "quick", "--profile", Profile, "--offline", "--json");
        Assert.True(planned.Code == 0, planned.ToString());
        var plan = JObject.Parse(planned.Output);
        var promise = (double)plan["promise"]!["qps"]!;
        var simulated = rectune.Run("simulate", "plan.json", "--json", "--qps", FormattableString.Invariant($"{promise},{3 * (double)plan["capacityQps"]!["value"]!}"));
        Assert.True(simulated.Code == 0, simulated.ToString());
        var report = JObject.Parse(simulated.Output);
        Assert.Equal((double)plan["predicted"]!["p99Ms"]!["value"]!, (double)report["rates"]![0]!["p99Ms"]!["value"]!);
        Assert.Equal((double)plan["capacityQps"]!["value"]!, (double)report["capacityQps"]!["value"]!);
        Assert.True((double)report["rates"]![1]!["overLimitShare"]!["value"]! > 0.01);

        // A looser target raises the knee; without --json there is a table.
        var looser = JObject.Parse(rectune.Run("simulate", "plan.json", "--json", "--sla", "p99=500ms", "--qps", "1").Output);
        Assert.True((double)looser["capacityQps"]!["value"]! > (double)report["capacityQps"]!["value"]!);
        Assert.Contains("capacity  ", rectune.Run("simulate", "plan.json", "--qps", "10").Output, StringComparison.Ordinal);
        Assert.Equal(2, rectune.Run("simulate", "plan.json", "--qps", "10,fast").Code);
    }

    [Fact]
    public void ExplainAndDiff_PlansFromIt_NameWhatBindsAndWhatDiffers()
    {
        string[] line = ["plan", "--model", "ncf", "--space", "quick", "--profile", Profile, "--offline"];
        Assert.Equal(0, rectune.Run([.. line, "--sla", "default"]).Code);
        Assert.Equal(0, rectune.Run([.. line, "--sla", "p99=50ms", "--out", "looser.json"]).Code);
        var explained = JObject.Parse(rectune.Run("explain", "plan.json", "--json").Output);
        Assert.Contains((string?)explained["binding"], new[] { "latency", "throughput", "queueing" });
        double[] capacities = [.. explained["limits"]!.Select(limit => (double)limit["capacityQps"]!["value"]!)];
        Assert.Equal(capacities.Order(), capacities);
        var text = rectune.Run("explain", "plan.json").Output;
        Assert.Contains("binds     ", text, StringComparison.Ordinal);
        Assert.Contains($"asked     rectune plan --model ncf --space quick --profile {Profile} --offline\n", text, StringComparison.Ordinal);
        Assert.Equal(("ncf", "default", "90s"), ((string?)explained["asked"]!["model"], (string?)explained["asked"]!["sla"], (string?)explained["asked"]!["budget"]));
        var fleet = JObject.Parse(rectune.Run("explain", "plan.json", "--load", "1000000", "--price", "2", "--json").Output)["fleet"]!;
        Assert.Equal((2 * (double)fleet["machines"]!, (double)fleet["needed"]! + 1), ((double)fleet["costPerHour"]!, (double)fleet["machines"]!));
        Assert.Contains("fleet     ", rectune.Run("explain", "plan.json", "--load", "1000000").Output, StringComparison.Ordinal);
        Assert.Equal(2, rectune.Run("explain", "plan.json", "--price", "2").Code);
        var lines = JObject.Parse(rectune.Run("diff", "plan.json", "looser.json", "--json").Output)["lines"]!;
        Assert.Contains(lines, difference => (string?)difference["name"] == "target" && (string?)difference["right"] == "p99=50ms");
        Assert.DoesNotContain(lines, difference => (string?)difference["name"] == "model");
        Assert.Contains("no difference", rectune.Run("diff", "plan.json", "plan.json").Output, StringComparison.Ordinal);
        Assert.Equal(3, rectune.Run("diff", "plan.json", "absent.json").Code);
    }

    [Fact]
    public void Plan_LoadFromFiles_IsKeptInThePlanAndATraceThatChangedIsRefused()
    {
        // Two hundred queries in pairs, one small and one large.
        File.WriteAllLines(rectune.PathOf("load.csv"), Enumerable.Range(0, 200).Select(i => FormattableString.Invariant($"{i / 2 * 0.01},{(i % 2 == 0 ? 50 : 450)}")));
        var planned = rectune.Run(
            "plan", "--model", "ncf", "--sla", "default", "--space", "quick", "--profile", Profile, "--offline", "--json", "--workload", "trace:load.csv", "--arrivals", "trace:load.csv");
        Assert.True(planned.Code == 0, planned.ToString());
        var workload = JObject.Parse(planned.Output)["workload"]!;
        Assert.Equal(("trace", 200, "trace:load.csv"), ((string?)workload["arrivals"], (int)workload["arrivalTrace"]!["queries"]!, (string?)workload["sizes"]));
        Assert.Equal([50, 450], workload["sizeCounts"]!.Select(size => (int)size["samples"]!));

        // Pairs wait for each other: the same queries one by one are held at a higher rate.
        var pairs = JObject.Parse(rectune.Run("simulate", "plan.json", "--json", "--qps", "1").Output);
        var single = JObject.Parse(rectune.Run("simulate", "plan.json", "--json", "--qps", "1", "--arrivals", "poisson").Output);
        Assert.True((double)pairs["rates"]![0]!["p99Ms"]!["value"]! > (double)single["rates"]![0]!["p99Ms"]!["value"]!);
        File.Move(rectune.PathOf("load.csv"), rectune.PathOf("moved.csv"));
        Assert.Equal(3, rectune.Run("explain", "plan.json").Code);
        File.WriteAllText(rectune.PathOf("load.csv"), File.ReadAllText(rectune.PathOf("moved.csv")) + "1,50\n");
        var changed = rectune.Run("explain", "plan.json");
        Assert.Equal(2, changed.Code);
        Assert.Contains("SHA-256", changed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void PlanSweep_LooserTargets_PromiseMoreAndOneThatIsNeverMetSaysSo()
    {
        string[] line = ["plan", "--model", "ncf", "--space", "quick", "--profile", Profile, "--offline", "--sweep", "sla=1us,5ms,20ms,100ms", "--out", "sweep.csv"];
        var swept = rectune.Run([.. line, "--json"]);
        Assert.True(swept.Code == 0, swept.ToString());
        var targets = JObject.Parse(swept.Output)["targets"]!;
        Assert.Equal("latency", (string?)targets[0]!["whyNone"]!["binding"]);
        double[] promises = [.. targets.Skip(1).Select(target => (double)target["best"]!["promiseQps"]!["value"]!)];
        Assert.Equal(promises.Order(), promises);
        var lines = File.ReadAllLines(rectune.PathOf("sweep.csv"));
        Assert.Equal(5, lines.Length);
        Assert.All(lines, text => Assert.Equal(9, text.Count(c => c == ',')));
        Assert.False(File.Exists(rectune.PathOf("plan.json")));
        Assert.Equal(2, rectune.Run([.. line[..^1], "sweep.json"]).Code);
        Assert.Equal(10, rectune.Run("plan", "--model", "ncf", "--space", "quick", "--profile", Profile, "--offline", "--sweep", "sla=1us").Code);
    }
}
