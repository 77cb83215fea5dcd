using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Rectune.Core.Domain;
using Rectune.Engine.Serving.Http;
using Rectune.Engine.Serving.Protocol;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving.Http;

public sealed class HttpServerTests
{
    [Theory]
    [InlineData("/v2", """{"name":"rectune","version":"0.1.0","extensions":["binary_tensor_data","model_repository"]}""")]
    [InlineData("/v2/health/live", """{"live":true}""")]
    [InlineData("/v2/health/ready", """{"ready":true}""")]
    [InlineData("/v2/models/small/ready", """{"ready":true}""")]
    [InlineData("/v2/models/small/versions/1/ready", """{"ready":true}""")]
    public async Task Get_FixedPaths_AnswersTheProtocolsDocument(string path, string expected)
    {
        await using var running = await RunningServer.StartAsync();

        Assert.Equal(expected, await running.GetStringAsync(path));
    }

    [Theory]
    [InlineData("/v2/models/small")]
    [InlineData("/v2/models/small/versions/1")]
    public async Task Get_Model_AnswersItsMetadata(string path)
    {
        await using var running = await RunningServer.StartAsync();

        var expected = MetadataDocuments.Model("small", "1", new InputLayout(SmallRequests.Card, SmallRequests.MaxSamples));
        Assert.Equal(expected, await running.GetByteArrayAsync(path));
    }

    [Theory]
    [InlineData("/v2/models/small/infer")]
    [InlineData("/v2/models/small/versions/1/infer")]
    public async Task Infer_Json_AnswersScores(string path)
    {
        await using var running = await RunningServer.StartAsync();

        var response = await running.PostAsync(path, new StringContent(SmallRequests.Valid));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            """{"model_name":"small","model_version":"1","id":"q1","outputs":[{"name":"score","datatype":"FP32","shape":[2,1],"data":[243,501]}]}""",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Infer_TwoOutputsWithoutDense_AnswersARowASample()
    {
        await using var running = await RunningServer.StartAsync(card: SmallRequests.TwoOutputsWithoutDense);

        var response = await running.InferAsync(SmallRequests.With(SmallRequests.A, SmallRequests.B, SmallRequests.C));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            """{"model_name":"small","model_version":"1","outputs":[{"name":"score","datatype":"FP32","shape":[2,2],"data":[237,474,486,972]}]}""",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Infer_LastOfSeveralScoresNotFinite_Is500()
    {
        await using var running = await RunningServer.StartAsync(card: SmallRequests.TwoOutputsWithoutDense);
        running.Target.Bias = float.PositiveInfinity;

        var response = await running.InferAsync(SmallRequests.With(SmallRequests.A, SmallRequests.B, SmallRequests.C));
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
    }

    [Fact]
    public async Task Infer_Binary_AnswersBinaryScores()
    {
        await using var running = await RunningServer.StartAsync();
        var (body, jsonBytes) = SmallRequests.ValidBinary(""","parameters":{"binary_data_output":true}""");

        var response = await running.InferAsync(body, jsonBytes);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.MediaType);
        var answered = int.Parse(response.Headers.GetValues("Inference-Header-Content-Length").Single());
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(8, bytes.Length - answered);
        Assert.Equal(SmallRequests.ValidScore0, BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(answered)));
        Assert.Equal(SmallRequests.ValidScore1, BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(answered + 4)));
    }

    [Fact]
    public async Task Infer_ManyAtOnce_AnswersEachItsOwn()
    {
        await using var running = await RunningServer.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            var json = SmallRequests.Valid.Replace("[100,200]", $"[{i},{2 * i}]", StringComparison.Ordinal);
            return await RunningServer.ScoresAsync(await running.InferAsync(json));
        }));

        for (var i = 0; i < answers.Length; i++)
        {
            Assert.Equal([43f + (2 * i), 101f + (4 * i)], answers[i]);
        }

        await running.CountedAsync(200, QueryOutcome.Answered);
        Assert.Equal(400, running.Metrics.Samples);
    }

    [Theory]
    [InlineData("GET", "/v2/models/other", 404, "found no model 'other', expected 'small'")]
    [InlineData("POST", "/v2/models/other/infer", 404, "found no model 'other', expected 'small'")]
    [InlineData("GET", "/v2/models/small/versions/2", 404, "found no version '2' of model 'small', expected '1'")]
    [InlineData("POST", "/v2/models/small/versions/2/infer", 404, "found no version '2' of model 'small', expected '1'")]
    [InlineData("GET", "/v1/models/small", 404, "found no '/v1/models/small', expected /v2,")]
    [InlineData("GET", "/v2/models/small/other", 404, "/v2/models/small/infer")]
    [InlineData("GET", "/x", 404, "found no '/x'")]
    [InlineData("POST", "/", 405, "found method POST, expected GET")]
    [InlineData("GET", "/v2/repository/index", 405, "found method GET, expected POST")]
    [InlineData("GET", "/v2/repository/models/small/load", 405, "found method GET, expected POST")]
    [InlineData("GET", "/v2/models/small/infer", 405, "found method GET, expected POST")]
    [InlineData("DELETE", "/v2/models/small", 405, "found method DELETE, expected GET")]
    public async Task Any_WrongPathOrMethod_SaysWhatExists(string method, string path, int status, string expected)
    {
        await using var running = await RunningServer.StartAsync();

        var response = await running.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(expected, await RunningServer.ErrorAsync(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_BadTensors_Is400WithAllOfThem()
    {
        await using var running = await RunningServer.StartAsync();
        var json = SmallRequests.Valid.Replace("[[7],[8]]", "[[7],[10]]", StringComparison.Ordinal).Replace("[100,200]", "[100,1000]", StringComparison.Ordinal);

        var response = await running.InferAsync(json);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("A[1,0]: found id 10, expected 0 to 9; B[1,0]: found id 1000, expected 0 to 999", await RunningServer.ErrorAsync(response));
        await running.CountedAsync(1, QueryOutcome.Invalid);
        Assert.Equal(0, running.Target.Accepted);
    }

    [Theory]
    [InlineData("12x")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    [InlineData("")]
    [InlineData("5, 6")]
    public async Task Infer_JsonLengthNotANumber_Is400(string header)
    {
        await using var running = await RunningServer.StartAsync();
        var content = RunningServer.Content(SmallRequests.ValidBinary().Body);
        content.Headers.TryAddWithoutValidation("Inference-Header-Content-Length", header);

        var response = await running.PostAsync("/v2/models/small/infer", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("Inference-Header-Content-Length: found", await RunningServer.ErrorAsync(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_CompressedBody_Is415()
    {
        await using var running = await RunningServer.StartAsync();
        var content = new StringContent(SmallRequests.Valid);
        content.Headers.ContentEncoding.Add("gzip");

        var response = await running.PostAsync("/v2/models/small/infer", content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains("found 'gzip'", await RunningServer.ErrorAsync(response), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 20_000_000)]
    [InlineData(true, 20_000_000)]
    public async Task Infer_BodyOverTheLimit_Is413(bool chunked, int excess)
    {
        await using var running = await RunningServer.StartAsync();
        var limit = new InputLayout(SmallRequests.Card, SmallRequests.MaxSamples).BodyLimitBytes;
        var message = new HttpRequestMessage(HttpMethod.Post, "/v2/models/small/infer") { Content = new ByteArrayContent(new byte[limit + excess]) };
        message.Headers.TransferEncodingChunked = chunked;

        var response = await running.SendAsync(message);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains($"expected at most {limit}", await RunningServer.ErrorAsync(response), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await running.InferAsync(SmallRequests.Valid)).StatusCode);
    }

    [Theory]
    [InlineData(Admission.QueueFull, "the queue is full", QueryOutcome.Refused)]
    [InlineData(Admission.TooLate, "too much lies ahead", QueryOutcome.Late)]
    [InlineData(Admission.Closing, "draining", QueryOutcome.Draining)]
    public async Task Infer_TargetRefuses_Is503WithRetryAfter(Admission refusal, string why, QueryOutcome outcome)
    {
        await using var running = await RunningServer.StartAsync();
        running.Target.Refuses = refusal;

        await IsTurnedAwayAsync(running, why, outcome);
    }

    [Theory]
    [InlineData(QueryEnd.Late, "too much lies ahead", QueryOutcome.Late)]
    [InlineData(QueryEnd.Lost, "is being replaced", QueryOutcome.Failed)]
    public async Task Infer_QueryIsLateOrLostWhileItWaits_Is503WithRetryAfter(QueryEnd end, string why, QueryOutcome outcome)
    {
        await using var running = await RunningServer.StartAsync();
        running.Target.Ends = end;

        await IsTurnedAwayAsync(running, why, outcome);
        running.Target.Ends = QueryEnd.Answered;
        Assert.Equal(SmallRequests.ValidScores, await RunningServer.ScoresAsync(await running.InferAsync(SmallRequests.Valid)));
    }

    [Fact]
    public async Task Infer_TargetFails_Is500AndTheNextIsAnswered()
    {
        await using var running = await RunningServer.StartAsync();
        running.Target.Ends = QueryEnd.Failed;

        var response = await running.InferAsync(SmallRequests.Valid);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("the model could not score this query of 2 samples", await RunningServer.ErrorAsync(response));
        running.Target.Ends = QueryEnd.Answered;
        Assert.Equal(SmallRequests.ValidScores, await RunningServer.ScoresAsync(await running.InferAsync(SmallRequests.Valid)));
        await running.CountedAsync(1, QueryOutcome.Failed);
    }

    [Fact]
    public async Task Infer_ScoreNotFinite_Is500()
    {
        await using var running = await RunningServer.StartAsync();
        running.Target.Bias = float.NaN;

        Assert.Equal(HttpStatusCode.InternalServerError, (await running.InferAsync(SmallRequests.Valid)).StatusCode);
    }

    [Fact]
    public async Task Infer_TargetThrows_Is500AndTheFaultIsHeard()
    {
        await using var running = await RunningServer.StartAsync();
        running.Target.Throws = true;

        var response = await running.InferAsync(SmallRequests.Valid);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains("the server failed on this query", await RunningServer.ErrorAsync(response), StringComparison.Ordinal);
        Assert.Equal("a bug in the target", Assert.Single(running.Faults).Message);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(int.MaxValue)]
    public async Task Infer_ClientLeaves_TheServerGoesOn(int sentBytes)
    {
        await using var running = await RunningServer.StartAsync();
        running.Target.Hold();
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, running.Server.Port, TestContext.Current.CancellationToken);
            var body = Encoding.UTF8.GetBytes(SmallRequests.Valid);
            var head = Encoding.ASCII.GetBytes($"POST /v2/models/small/infer HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n\r\n");
            await client.GetStream().WriteAsync((byte[])[.. head, .. body[..Math.Min(sentBytes, body.Length)]], TestContext.Current.CancellationToken);
            await RunningServer.UntilAsync(() => running.Server.InFlight == 1 && running.Target.Accepted == (sentBytes > 10 ? 1 : 0));
            client.Client.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        // A reset reaches the server before a later request does, but is noticed on its own time: the held query ends only when released.
        running.Target.Release();
        Assert.Equal(SmallRequests.ValidScores, await RunningServer.ScoresAsync(await running.InferAsync(SmallRequests.Valid)));
        await RunningServer.UntilAsync(() => running.Server.InFlight == 0);
        Assert.Empty(running.Faults);
        Assert.Equal(0, running.Metrics.Queries(QueryOutcome.Failed));
    }

    [Fact]
    public async Task DrainAsync_QueryInFlight_IsAnsweredAndNewOnesAreNot()
    {
        await using var running = await RunningServer.StartAsync();
        running.Target.Hold();
        var inFlight = running.InferAsync(SmallRequests.Valid);
        await RunningServer.UntilAsync(() => running.Target.Accepted == 1);

        var drained = running.Server.DrainAsync(TestContext.Current.CancellationToken);

        Assert.True(running.Server.IsDraining);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await running.GetAsync("/v2/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await running.GetAsync("/v2/models/small/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await running.GetAsync("/v2/health/live")).StatusCode);
        var late = await running.InferAsync(SmallRequests.Valid);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, late.StatusCode);
        Assert.NotNull(late.Headers.RetryAfter);
        Assert.Contains("draining", await RunningServer.ErrorAsync(late), StringComparison.Ordinal);
        Assert.Contains("rectune_draining 1\n", await running.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.False(drained.IsCompleted);

        running.Target.Release();
        Assert.Equal(SmallRequests.ValidScores, await RunningServer.ScoresAsync(await inFlight));
        Assert.Equal(0, await drained);
        await running.CountedAsync(1, QueryOutcome.Draining);
        await Assert.ThrowsAsync<HttpRequestException>(() => running.GetAsync("/v2/health/live"));
    }

    [Fact]
    public async Task DrainAsync_QueryThatDoesNotEnd_IsCutOffAndCounted()
    {
        await using var running = await RunningServer.StartAsync(drainTimeout: TimeSpan.FromMilliseconds(50));
        running.Target.Hold();
        var inFlight = running.InferAsync(SmallRequests.Valid);
        await RunningServer.UntilAsync(() => running.Target.Accepted == 1);

        Assert.Equal(1, await running.Server.DrainAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<HttpRequestException>(() => inFlight);
    }

    [Fact]
    public async Task DrainAsync_NothingInFlight_Stops()
    {
        await using var running = await RunningServer.StartAsync();

        Assert.Equal(0, await running.Server.DrainAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task StartAsync_PortInUse_NamesItAndTheWayOut()
    {
        await using var running = await RunningServer.StartAsync();
        var port = running.Server.Port;
        using var target = new FormulaTarget();
        var options = RunningServer.Options with { Urls = [$"http://127.0.0.1:{port}"] };

        var refusal = await Assert.ThrowsAsync<MissingResourceException>(
            () => HttpServer.StartAsync(options, target, new ServerMetrics(), TestContext.Current.CancellationToken));

        Assert.Contains($"Port {port} is already in use", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"--urls http://127.0.0.1:{port + 1}", refusal.Remedy, StringComparison.Ordinal);

        // The same is said before a model is loaded.
        var early = Assert.Throws<MissingResourceException>(() => HttpServer.RequireAddresses(options));
        Assert.Equal((refusal.Message, refusal.Remedy), (early.Message, early.Remedy));
        HttpServer.RequireAddresses(options with { Urls = ["http://127.0.0.1:0"] });
    }

    [Theory]
    [InlineData("http://0.0.0.0:8000", "found host '0.0.0.0'")]
    [InlineData("http://10.1.2.3:8000", "found host '10.1.2.3'")]
    [InlineData("http://example.org:8000", "found host 'example.org'")]
    [InlineData("http://*:8000", "found 'http://*:8000'")]
    [InlineData("https://127.0.0.1:8000", "found 'https://127.0.0.1:8000'")]
    [InlineData("127.0.0.1:8000", "found '127.0.0.1:8000'")]
    [InlineData("http://127.0.0.1:99999", "found 'http://127.0.0.1:99999'")]
    [InlineData("http://127.0.0.1:8000/v2", "expected no path")]
    [InlineData("h2c://127.0.0.1", "found 'h2c://127.0.0.1'")]
    [InlineData("h2c://10.1.2.3:8000", "found host '10.1.2.3'")]
    public async Task StartAsync_NoLoopbackUrl_IsRefusedBeforeListening(string url, string expected)
    {
        using var target = new FormulaTarget();
        var options = RunningServer.Options with { Urls = ["http://127.0.0.1:0", url] };

        var refusal = await Assert.ThrowsAsync<InvalidInputException>(
            () => HttpServer.StartAsync(options, target, new ServerMetrics(), TestContext.Current.CancellationToken));

        Assert.Contains(expected, Assert.Single(refusal.Problems).ToString(), StringComparison.Ordinal);
    }

    private static async Task IsTurnedAwayAsync(RunningServer running, string why, QueryOutcome outcome)
    {
        var response = await running.InferAsync(SmallRequests.Valid);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
        Assert.Contains(why, await RunningServer.ErrorAsync(response), StringComparison.Ordinal);
        await running.CountedAsync(1, outcome);
    }
}
