using System.Globalization;
using Newtonsoft.Json.Linq;
using Rectune.Core.Domain;
using Rectune.Engine.Kernels;
using Xunit;

namespace Rectune.EndToEnd;

/// <summary>Where in the machine a served plan really runs, as the kernel tells it.</summary>
[Collection(nameof(PlannedModel))]
public sealed class PlacedServeTests(PlannedModel planned) : IDisposable
{
    private readonly Rectune rectune = new();
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(30) };

    public void Dispose()
    {
        http.Dispose();
        rectune.Dispose();
    }

    [Fact]
    public async Task Apply_PinnedToTheLastCore_RunsInstancesThereAndEverythingElseOnTheOthers()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "binding is for Linux");
        var cores = CoreSet.Allowed.Cores;
        Assert.SkipUnless(cores.Count > 1, "one core cannot be divided");
        var (last, others) = (cores[^1].ToString(CultureInfo.InvariantCulture), CoreListText.Text([.. cores.SkipLast(1)]));
        planned.CopyTo(rectune, "plan.json", OneThread);
        using var server = rectune.Start("apply", "plan.json", "--urls", "http://127.0.0.1:0", "--pin", last, "--huge-pages", "off", "--json");
        try
        {
            var notice = await Rectune.ReadNotice(server);
            Assert.Equal((last, others), ((string)notice["place"]!["instanceCores"]!, (string)notice["place"]!["otherCores"]!));
            Assert.Equal(0, (long)notice["place"]!["hugePageBytes"]!);
            Assert.True((long)notice["place"]!["tableBytes"]! > 0);

            // An instance binds itself when it begins, and what was started before the others were bound may end a little later.
            var wrong = Misplaced(server.Id, last, others);
            for (var i = 0; i < 100 && wrong.Count > 0; i++)
            {
                await Task.Delay(50);
                wrong = Misplaced(server.Id, last, others);
            }

            Assert.Empty(wrong);
            var metrics = await http.GetStringAsync(new Uri((string)notice["urls"]![0]! + "/metrics"));
            Assert.Contains($"rectune_table_bytes {(long)notice["place"]!["tableBytes"]!}\n", metrics, StringComparison.Ordinal);
            Assert.Contains("rectune_table_huge_page_bytes 0\n", metrics, StringComparison.Ordinal);
            Assert.Empty(Misplaced(server.Id, last, others));
        }
        finally
        {
            Rectune.Signal(server, "TERM");
        }

        Assert.True(server.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, server.ExitCode);
    }

    [Fact]
    public async Task Apply_PinnedPlanGivesWayToOneOfFewerInstances_EverythingElseIsOnAllCoresThatTheseLeave()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "binding is for Linux");
        var cores = CoreSet.Allowed.Cores;
        Assert.SkipUnless(cores.Count > 1, "one core cannot be divided");
        var (last, others) = (cores[^1].ToString(CultureInfo.InvariantCulture), CoreListText.Text([.. cores.SkipLast(1)]));
        planned.CopyTo(rectune, "plan.json", plan => OneThreadEach(plan, instances: 2));
        using var server = rectune.Start("apply", "plan.json", "--urls", "http://127.0.0.1:0", "--pin", $"{last},{cores[0]}", "--json");
        try
        {
            var notice = await Rectune.ReadNotice(server);
            planned.CopyTo(rectune, "plan.json", OneThread);
            using var nothing = new ByteArrayContent([]);
            using var answer = await http.PostAsync(new Uri($"{(string)notice["urls"]![0]!}/v2/repository/models/{planned.Plan.Model.Name}/load"), nothing);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            var wrong = Misplaced(server.Id, last, others);
            for (var i = 0; i < 100 && wrong.Count > 0; i++)
            {
                await Task.Delay(50);
                wrong = Misplaced(server.Id, last, others);
            }

            Assert.Empty(wrong);
        }
        finally
        {
            Rectune.Signal(server, "TERM");
        }

        Assert.True(server.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, server.ExitCode);
    }

    private static Plan OneThread(Plan plan) => OneThreadEach(plan, instances: 1);

    private static Plan OneThreadEach(Plan plan, int instances) => plan with
    {
        Paths = [.. plan.Paths.Select(path => path with { Configuration = path.Configuration with { Instances = instances, Threads = 1 } })],
        Scheduler = plan.Scheduler with { Instances = instances, Paths = [.. plan.Scheduler.Paths.Select(path => path with { Instances = instances })] },
    };

    /// <summary>Threads that may run elsewhere than they should, by name.</summary>
    private static List<string> Misplaced(int process, string instances, string others)
    {
        var (wrong, instancesSeen) = (new List<string>(), 0);
        foreach (var folder in Directory.GetDirectories($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/task"))
        {
            string name, cores;
            try
            {
                name = File.ReadAllText(Path.Combine(folder, "comm")).Trim();
                cores = File.ReadLines(Path.Combine(folder, "status")).First(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal)).Split('\t')[1].Trim();
            }
            catch (IOException)
            {
                // It has ended.
                continue;
            }

            var isInstance = name.StartsWith("instance-", StringComparison.Ordinal);
            instancesSeen += isInstance ? 1 : 0;
            if (cores != (isInstance ? instances : others))
            {
                wrong.Add($"{name} on {cores}");
            }
        }

        return instancesSeen > 0 ? wrong : [.. wrong, "no instance"];
    }
}
