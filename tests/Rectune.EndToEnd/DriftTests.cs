using System.Globalization;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Xunit;

namespace Rectune.EndToEnd;

/// <summary>A plan whose times are too small, served by the launcher.</summary>
[Collection(nameof(PlannedModel))]
public sealed class DriftTests(PlannedModel planned) : IDisposable
{
    /// <summary>Several runs a query: only those that follow another are compared with the plan.</summary>
    private const int Samples = 256;

    /// <summary>Times that the plan is made to say are true ones over this: what no machine makes up for.</summary>
    private const double TooSmall = 6;

    private readonly Rectune rectune = new();
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(30) };

    public void Dispose()
    {
        http.Dispose();
        rectune.Dispose();
    }

    [Fact]
    public async Task Apply_TimesOfThePlanAreTooSmall_TellsTheDriftAndProposesThePlanOfTrueTimes()
    {
        planned.CopyTo(rectune, "plan.json", Shrunk);
        planned.CopyMeasurementsTo(rectune);
        using var server = rectune.Start("apply", "plan.json", "--urls", "http://127.0.0.1:0", "--json", "--replan", "--log", "server.jsonl");
        var said = server.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            var url = await Rectune.ReadUrl(server);

            // Three windows of ten seconds, and the time to plan again.
            for (var i = 0; i < 20_000 && !Events().Contains("plan-proposed") && !Events().Contains("plan-not-proposed"); i++)
            {
                await Ask(url);
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }

            Assert.Contains("direction=\"slower\"} 1", await http.GetStringAsync(new Uri(url + "/metrics"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Equal("slower", (string?)JObject.Parse(await http.GetStringAsync(new Uri(url + "/v2/live"), TestContext.Current.CancellationToken))["paths"]![0]!["serviceTimes"]!["state"]);
        }
        finally
        {
            Rectune.Signal(server, "TERM");
        }

        Assert.True(server.WaitForExit(TimeSpan.FromSeconds(60)));
        var text = await said;
        Assert.True(Events().Contains("plan-proposed"), text);
        Assert.Contains("warning: drift: runs of", text, StringComparison.Ordinal);
        Assert.Contains("rectune diff plan.json plan.replanned.json", text, StringComparison.Ordinal);
        Assert.Single(Events(), name => name == "drift-began");

        // Times as long as the drift said, beyond what cold caches of an instance that is mostly idle explain: nothing as small as what the plan was made to say.
        var proposed = PlanFormat.Read(await File.ReadAllTextAsync(rectune.PathOf("plan.replanned.json"), TestContext.Current.CancellationToken), "proposed");
        Assert.Equal((planned.Plan.Sla, planned.Plan.Promise.Qps), (proposed.Sla, proposed.Promise.Qps));
        Assert.True(proposed.Scheduler.Paths[0].Planned[0].Us > 1.2 * planned.Plan.Scheduler.Paths[0].Planned[0].Us / TooSmall);
        Assert.Equal(0, rectune.Run("diff", "plan.json", "plan.replanned.json").Code);
    }

    /// <summary>One part a run, and small times.</summary>
    private static Plan Shrunk(Plan plan) => plan with
    {
        Paths = [.. plan.Paths.Select(path => path with { Service = path.Service with { LiveFactor = null } })],
        Scheduler = plan.Scheduler with
        {
            MaxBatch = plan.Scheduler.SplitSamples,
            Paths = [.. plan.Scheduler.Paths.Select(path => path with { MaxBatch = plan.Scheduler.SplitSamples, Planned = [.. path.Planned.Select(time => time with { Us = time.Us / TooSmall })] })],
        },
    };

    private string[] Events()
    {
        var file = rectune.PathOf("server.jsonl");
        if (!File.Exists(file))
        {
            return [];
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.EndsWith('}')).Select(line => (string)JObject.Parse(line)["event"]!)];
    }

    private async Task Ask(string url)
    {
        var inputs = new JArray(new JObject { ["name"] = "dense", ["shape"] = new JArray(Samples, 13), ["datatype"] = "FP32", ["data"] = new JArray(Enumerable.Repeat((object)0.5, Samples * 13).ToArray()) });
        for (var feature = 1; feature <= 26; feature++)
        {
            inputs.Add(new JObject
            {
                ["name"] = string.Create(CultureInfo.InvariantCulture, $"C{feature}"),
                ["shape"] = new JArray(Samples, 1),
                ["datatype"] = "INT64",
                ["data"] = new JArray(Enumerable.Range(0, Samples).Select(sample => (object)(sample % (10 * feature * feature))).ToArray()),
            });
        }

        using var content = new StringContent(new JObject { ["inputs"] = inputs }.ToString(Formatting.None), Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(url + "/v2/models/small/infer"), content, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
