using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Representations;
using Rectune.Engine.Data;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.EndToEnd;

/// <summary>A plan served by the launcher and asked over a real socket.</summary>
[Collection(nameof(PlannedModel))]
public sealed class ServeTests(PlannedModel planned) : IDisposable
{
    private const int Samples = 5;
    private const int FullLoad = 8;

    private readonly Rectune rectune = new();
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(30) };

    public void Dispose()
    {
        http.Dispose();
        rectune.Dispose();
    }

    [Fact]
    public async Task Apply_JsonAndBinaryRequests_EqualTheReferenceAndTermDrains()
    {
        planned.CopyTo(rectune, "plan.json");
        using var server = rectune.Start("apply", "plan.json", "--urls", "http://127.0.0.1:0", "--json");
        try
        {
            var url = await Rectune.ReadUrl(server);
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(url + "/v2/health/ready"))).StatusCode);

            var expected = Enumerable.Range(0, Samples).Select(Reference).ToArray();
            AssertScores(expected, (JArray)(await Infer(url, JsonRequest()))["outputs"]![0]!["data"]!);
            AssertScores(expected, await InferBinary(url));

            var outOfRange = JsonRequest();
            outOfRange["inputs"]![3]!["data"]![2] = 10 * 3 * 3;
            var refused = await Post(url, outOfRange);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("C3", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

            // An answer reaches the client before it is counted.
            var metrics = "";
            for (var i = 0; i < 100 && !metrics.Contains("{outcome=\"answered\"} 2", StringComparison.Ordinal); i++)
            {
                metrics = await http.GetStringAsync(new Uri(url + "/metrics"));
            }

            Assert.Contains("rectune_queries_total{outcome=\"answered\"} 2", metrics, StringComparison.Ordinal);
        }
        finally
        {
            Rectune.Signal(server, "TERM");
        }

        Assert.True(server.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, server.ExitCode);
    }

    [Fact]
    public async Task Bench_ServedPlan_IsAnsweredAndReported()
    {
        planned.CopyTo(rectune, "plan.json");
        rectune.Write("small.json", SmallModel.Card());
        using var server = rectune.Start("apply", "plan.json", "--urls", "http://127.0.0.1:0", "--json");
        try
        {
            var url = await Rectune.ReadUrl(server);
            var result = rectune.Run("bench", url, "--model", "small.json", "--sla", "p99=2s", "--qps", "300,600", "--for", "3s", "--workload", "fixed:16", "--csv", "rates.csv", "--json");

            // Three seconds may be too few to certify anything; nothing takes two seconds.
            Assert.True(result.Code is 0 or 13, result.ToString());
            var report = JObject.Parse(result.Output);
            foreach (var rate in report["rates"]!)
            {
                Assert.Equal((long)rate["client"]!["sent"]!, (long)rate["client"]!["answered"]!);
                Assert.True((double)rate["measured"]!["p50Ms"]!["value"]! < 2000);
                Assert.False((bool)rate["generator"]!["limiting"]!);
            }

            Assert.Equal(3, (await File.ReadAllLinesAsync(rectune.PathOf("rates.csv"))).Length);
            Assert.Equal(2, rectune.Run("bench", url, "--model", "dlrm", "--name", "small", "--sla", "p99=2s").Code);
        }
        finally
        {
            Rectune.Signal(server, "TERM");
        }

        Assert.True(server.WaitForExit(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task Apply_PlanReplacedUnderLoad_NoRequestFailsAndBadPlansChangeNothing()
    {
        planned.CopyTo(rectune, "plan.json", Patient);
        using var server = rectune.Start("apply", "plan.json", "--urls", "http://127.0.0.1:0", "--json");
        try
        {
            var url = await Rectune.ReadUrl(server);
            var expected = Enumerable.Range(0, Samples).Select(Reference).ToArray();
            using var stop = new CancellationTokenSource();

            // As many as keep the server busy all the time.
            var asking = Task.WhenAll(Enumerable.Range(0, FullLoad).Select(_ => Task.Run(async () =>
            {
                var answered = 0;
                while (!stop.IsCancellationRequested)
                {
                    AssertScores(expected, (JArray)(await Infer(url, JsonRequest()))["outputs"]![0]!["data"]!);
                    answered++;
                }

                return answered;
            })));

            Assert.Equal(7_777, (await Load(url, plan => Patient(plan) with { Promise = plan.Promise with { Qps = 7_777 } })).Qps);
            rectune.Write("plan.json", "{");
            Assert.Contains("plan.json(1,", (await Load(url, change: null)).Problem, StringComparison.Ordinal);
            Assert.Contains("weights", (await Load(url, plan => plan with { Model = plan.Model with { Weights = "random:99" } })).Problem, StringComparison.Ordinal);
            Assert.Equal(7_777, await PromisedQps(url));

            planned.CopyTo(rectune, "plan.json", plan => Patient(plan) with { Promise = plan.Promise with { Qps = 8_888 } });
            Rectune.Signal(server, "HUP");
            for (var i = 0; i < 300 && await PromisedQps(url) != 8_888; i++)
            {
                await Task.Delay(100);
            }

            Assert.Equal(8_888, await PromisedQps(url));
            await stop.CancelAsync();
            Assert.All(await asking, answered => Assert.True(answered > 0));
        }
        finally
        {
            Rectune.Signal(server, "TERM");
        }

        Assert.True(server.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, server.ExitCode);
    }

    /// <summary>The plan with time for whoever waits while another is loaded on the same cores: what is late is not what is asked here.</summary>
    private static Plan Patient(Plan plan) => plan with { Scheduler = plan.Scheduler with { LimitUs = plan.Scheduler.LimitUs is null ? null : 60_000_000 } };

    /// <summary>Asks the server to load its plan's file, changed before where a change is named: the promised rate after it, or why it stays.</summary>
    private async Task<(double? Qps, string Problem)> Load(string url, Func<Plan, Plan>? change)
    {
        if (change is not null)
        {
            planned.CopyTo(rectune, "plan.json", change);
        }

        using var nothing = new ByteArrayContent([]);
        using var answer = await http.PostAsync(new Uri($"{url}/v2/repository/models/{planned.Plan.Model.Name}/load"), nothing);
        return answer.IsSuccessStatusCode ? (await PromisedQps(url), "") : (null, (string)JObject.Parse(await answer.Content.ReadAsStringAsync())["error"]!);
    }

    private async Task<double> PromisedQps(string url) => (double)JObject.Parse(await http.GetStringAsync(new Uri(url + "/v2/live")))["promise"]!["qps"]!;

    /// <summary>Where a server that was started with <c>--json</c> listens.</summary>

    private static JObject JsonRequest()
    {
        var inputs = new JArray(new JObject
        {
            ["name"] = "dense",
            ["shape"] = new JArray(Samples, 13),
            ["datatype"] = "FP32",
            ["data"] = new JArray(Enumerable.Range(0, Samples * 13).Select(i => (object)DenseValue(i)).ToArray()),
        });
        for (var feature = 1; feature <= 26; feature++)
        {
            inputs.Add(new JObject
            {
                ["name"] = string.Create(CultureInfo.InvariantCulture, $"C{feature}"),
                ["shape"] = new JArray(Samples, 1),
                ["datatype"] = "INT64",
                ["data"] = new JArray(Enumerable.Range(0, Samples).Select(sample => (object)IdOf(feature, sample)).ToArray()),
            });
        }

        return new JObject { ["inputs"] = inputs };
    }

    private static float DenseValue(int i) => i % 17 / 10f;

    private static int IdOf(int feature, int sample) => sample * 7 % (10 * feature * feature);

    private double Reference(int sample)
    {
        var card = planned.Plan.Model.Card;
        var seed = ulong.Parse(planned.Plan.Model.Weights["random:".Length..], CultureInfo.InvariantCulture);
        var values = new RandomRows(seed);
        var rows = new double[26][][];
        for (var table = 0; table < 26; table++)
        {
            var row = new float[card.Sparse[table].Dim];
            values.Read(RepresentationCatalog.Design(card, Representation.Table).Sources[table].Stored[0], IdOf(table + 1, sample), row);
            rows[table] = [Array.ConvertAll(row, value => (double)value)];
        }

        var dense = Enumerable.Range(sample * 13, 13).Select(DenseValue).ToArray();
        return Assert.Single(SlowModel.Scores(card, new RandomParameters(seed), dense, rows));
    }

    private void AssertScores(double[] expected, IEnumerable<JToken> found) => AssertScores(expected, found.Select(token => (float)token).ToArray());

    /// <summary>A plan may have chosen a reduced precision: its scores then differ by about as much as the plan says they do on its own sample.</summary>
    private void AssertScores(double[] expected, float[] found)
    {
        var tolerance = Math.Max(1e-4, 3 * (planned.Plan.Paths[0].MaxScoreChange ?? 0));
        Assert.InRange(tolerance, 1e-4, 0.03);
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], found[i], tolerance);
        }
    }

    private async Task<JObject> Infer(string url, JObject request)
    {
        var response = await Post(url, request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JObject.Parse(text);
    }

    private async Task<HttpResponseMessage> Post(string url, JObject request)
    {
        using var content = new StringContent(request.ToString(Formatting.None), Encoding.UTF8, "application/json");
        return await http.PostAsync(new Uri(url + "/v2/models/small/infer"), content);
    }

    private async Task<float[]> InferBinary(string url)
    {
        var request = JsonRequest();
        using var body = new MemoryStream();
        var buffer = new byte[8];
        foreach (var input in request["inputs"]!.Cast<JObject>())
        {
            var values = (JArray)input["data"]!;
            var width = (string)input["datatype"]! == "FP32" ? 4 : 8;
            foreach (var value in values)
            {
                var bytes = buffer.AsSpan(0, width);
                if (width == 4)
                {
                    BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)value);
                }
                else
                {
                    BinaryPrimitives.WriteInt64LittleEndian(bytes, (long)value);
                }

                body.Write(bytes);
            }

            input.Remove("data");
            input["parameters"] = new JObject { ["binary_data_size"] = width * values.Count };
        }

        request["outputs"] = new JArray(new JObject { ["name"] = "score", ["parameters"] = new JObject { ["binary_data"] = true } });
        var header = Encoding.UTF8.GetBytes(request.ToString(Formatting.None));
        using var content = new ByteArrayContent([.. header, .. body.ToArray()]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.Add("Inference-Header-Content-Length", header.Length.ToString(CultureInfo.InvariantCulture));
        var response = await http.PostAsync(new Uri(url + "/v2/models/small/infer"), content);
        var answer = await response.Content.ReadAsByteArrayAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, Encoding.UTF8.GetString(answer));
        var json = int.Parse(response.Headers.GetValues("Inference-Header-Content-Length").Single(), CultureInfo.InvariantCulture);
        var scores = new float[(answer.Length - json) / 4];
        Buffer.BlockCopy(answer, json, scores, 0, scores.Length * 4);
        return scores;
    }
}
