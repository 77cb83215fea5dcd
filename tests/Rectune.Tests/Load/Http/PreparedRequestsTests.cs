using System.Text;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Workloads;
using Rectune.Engine.Load.Http;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Load.Http;

public sealed class PreparedRequestsTests : IDisposable
{
    private readonly ScriptedHttpServer server = new(_ => ScriptedHttpServer.Scores);

    public void Dispose() => server.Dispose();

    [Fact]
    public void Write_Workload_HasItsSizes()
    {
        var sizes = new DeepRecSysProductionSizes();
        var requests = Write(sizes);
        Assert.Equal(PreparedRequests.Most, requests.Count);
        Assert.Equal(sizes.Name, requests.Sizes.Name);

        // The mean of 65,536 draws has a standard error of 0.3 %.
        Assert.Equal(sizes.MeanSamples, requests.Sizes.MeanSamples, 0.015 * sizes.MeanSamples);
        Assert.InRange(requests.Sizes.Maximum, 900, sizes.Maximum);
        Assert.Equal(requests.Count, requests.Sizes.Counts!.Sum(size => size.Count));
    }

    [Fact]
    public void Of_EverySizeAndChoice_IsARequestOfThatSizeAndAllAreUsed()
    {
        var requests = Write(new LognormalSizes());
        var used = new HashSet<byte[]>();
        var random = new SplitMix64(1);
        for (var i = 0; i < 40_000; i++)
        {
            var size = requests.Sizes.Next(ref random);
            var request = requests.Of((int)random.NextInt64(requests.Pool.Samples - size + 1), size);
            Assert.True(!used.Add(request) || Encoding.ASCII.GetString(request).Contains($"\"shape\":[{size},3]", StringComparison.Ordinal));
        }

        Assert.Equal(requests.Count, used.Count);
    }

    [Fact]
    public void Of_FixedSize_HasDifferentCandidates()
    {
        var requests = Write(new FixedSizes(3));
        Assert.Equal(3, requests.Smallest);
        Assert.Equal(PreparedRequests.Most, Enumerable.Range(0, PreparedRequests.Most).Select(i => Convert.ToHexString(requests.Of(i, 3))).Distinct().Count());
    }

    [Fact]
    public void Of_Request_IsHttpForTheModel()
    {
        var text = Encoding.Latin1.GetString(Write(new FixedSizes(2), TensorEncoding.Json, "a b/c").Of(0, 2));
        Assert.StartsWith($"POST /v2/models/a%20b%2Fc/infer HTTP/1.1\r\nHost: {server.Url["http://".Length..]}\r\n", text, StringComparison.Ordinal);
        var body = text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        Assert.Contains($"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n", text, StringComparison.Ordinal);
        Assert.StartsWith("{\"inputs\":[", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_SameSeed_IsTheSame() =>
        Assert.Equal(Write(new LognormalSizes()).Of(77, 200), Write(new LognormalSizes()).Of(77, 200));

    [Fact]
    public void Write_QueriesLargerThanTheServerTakes_SaysSo()
    {
        var address = ServerAddress.Find(server.Url, CancellationToken.None);
        var model = LoadedSocket.Model with { MaxSamples = 100 };
        var problem = Assert.Throws<InvalidInputException>(
            () => PreparedRequests.Write(address, model, new UniformValues(model, 2, 1), new FixedSizes(101), TensorEncoding.Binary, 1));
        Assert.Contains("queries of up to 101 samples, expected at most 100, which is what the server takes", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:8000", "expected an address such as")]
    [InlineData("ftp://127.0.0.1:8000", "expected http://, https:// or h2c://")]
    [InlineData("h2c://127.0.0.1", "expected an address such as")]
    [InlineData("http://127.0.0.1:8000/?a=b", "host, port and path alone")]
    public void ServerAddress_NoAddress_SaysWhatWasExpected(string url, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidInputException>(() => ServerAddress.Find(url, CancellationToken.None)).Message, StringComparison.Ordinal);

    [Fact]
    public void ServerAddress_NobodyThere_SaysHowToStartOne()
    {
        var url = server.Url;
        server.Dispose();
        var missing = Assert.Throws<MissingResourceException>(() => ServerAddress.Find(url, CancellationToken.None));
        Assert.Contains("rectune apply", missing.Remedy, StringComparison.Ordinal);
    }

    private PreparedRequests Write(IQuerySizes sizes, TensorEncoding encoding = TensorEncoding.Binary, string name = "m")
    {
        var model = LoadedSocket.Model with { Name = name };
        return PreparedRequests.Write(ServerAddress.Find(server.Url, CancellationToken.None), model, new UniformValues(model, 1000, 1), sizes, encoding, seed: 9);
    }
}
