using System.Net.Http.Headers;
using System.Text;
using Rectune.Core.Numerics;
using Xunit;

namespace Rectune.Tests.Serving.Http;

/// <summary>Requests damaged at random, from a fixed seed: every one is answered, none as a fault of the server.</summary>
public sealed class HttpServerFuzzTests
{
    private const int Requests = 2000;

    private static readonly string[] Tokens =
    [
        "null", "-1", "1e999", "\"\\ud800\"", "{}", "[]", "[[[", "]", "}", ",", "\"dense\"", "\"shape\":[0,3]", "99999999999999999999", "0.5", "\"data\"",
        "\"parameters\":{\"binary_data_size\":9223372036854775807},", "\"binary_data_size\":-1", "INT32", "FP64", "\u0000", "é", "\"A.offsets\"",
        "NaN", "-Infinity", "\"parameters\":{\"timeout\":1.5},", "\"parameters\":{\"timeout\":-1},", "\"parameters\":{\"timeout\":3600000000},", "\"timeout\":99999999999999999999,",
    ];

    private static readonly string[] Paths =
        ["/v2/models/small/infer", "/v2/models/small/infer", "/v2/models/small/infer", "/v2/models/small/versions/1/infer", "/v2/models/x/infer", "/v2/models//infer", "/v2/models/small/%00"];

    [Fact]
    public async Task Infer_DamagedRequests_AreAnsweredWithoutAFault()
    {
        await using var running = await RunningServer.StartAsync();
        var random = SplitMix64.For(seed: 7, purpose: 0);
        var seen = new SortedDictionary<int, int>();
        for (var i = 0; i < Requests; i++)
        {
            var (body, jsonBytes) = random.NextInt64(2) == 0
                ? (Encoding.UTF8.GetBytes(SmallRequests.Valid), (int?)null)
                : SmallRequests.ValidBinary(""","outputs":[{"name":"score","parameters":{"binary_data":true}}]""");
            for (var edits = random.NextInt64(4); edits > 0; edits--)
            {
                body = Damage(body, ref random);
            }

            using var message = new HttpRequestMessage(HttpMethod.Post, Paths[random.NextInt64(Paths.Length)]) { Content = new ByteArrayContent(body) };
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            message.Headers.TransferEncodingChunked = random.NextInt64(4) == 0;
            if (jsonBytes is not null)
            {
                var shift = random.NextInt64(4) == 0 ? random.NextInt64(400) - 200 : 0;
                message.Headers.Add("Inference-Header-Content-Length", $"{jsonBytes + shift}");
            }

            using var response = await running.SendAsync(message);
            var status = (int)response.StatusCode;
            seen[status] = seen.GetValueOrDefault(status) + 1;
            Assert.True(status is 200 or 400 or 404, $"request {i}: {status}\n{Encoding.UTF8.GetString(body)}");
            if (status != 200 && response.Content.Headers.ContentLength > 0)
            {
                Assert.NotEmpty(await RunningServer.ErrorAsync(response));
            }
        }

        Assert.Empty(running.Faults);
        Assert.True(seen[200] > 100 && seen[400] > 500 && seen[404] > 100, string.Join(' ', seen));
        Assert.Equal(SmallRequests.ValidScores, await RunningServer.ScoresAsync(await running.InferAsync(SmallRequests.Valid)));
    }

    private static byte[] Damage(byte[] body, ref SplitMix64 random)
    {
        if (body.Length == 0)
        {
            return body;
        }

        var at = (int)random.NextInt64(body.Length);
        var length = (int)Math.Min(random.NextInt64(40), body.Length - at);
        switch (random.NextInt64(6))
        {
            case 0:
                var flipped = (byte[])body.Clone();
                flipped[at] ^= (byte)(1 << (int)random.NextInt64(8));
                return flipped;
            case 1:
                return body[..at];
            case 2:
                return [.. body[..at], .. body[(at + length)..]];
            case 3:
                return [.. body[..(at + length)], .. body[at..]];
            case 4:
                return [.. body[..at], .. Encoding.UTF8.GetBytes(Tokens[random.NextInt64(Tokens.Length)]), .. body[at..]];
            default:
                return [.. body[..at], (byte)('0' + random.NextInt64(10)), .. body[(at + 1)..]];
        }
    }
}
