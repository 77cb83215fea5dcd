using System.Text;
using Rectune.Engine.Serving.Protocol;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving.Protocol;

/// <summary>Requests wrong in every way, from a fixed seed, read into the same buffers one after another: what is taken is what a second reader finds, and the rest is refused with reasons.</summary>
public sealed class InferRequestFuzzTests
{
    /// <summary>With those that <see cref="Http.HttpServerFuzzTests"/> sends over a socket: 100,000.</summary>
    private const int Requests = 95_000;

    [Fact]
    public void Read_FuzzedRequests_AreReadRightOrRefusedWithReasonsAndNothingIsKeptOfThem()
    {
        var layout = new InputLayout(SmallRequests.Card, SmallRequests.MaxSamples);
        var request = new InferRequest(layout);
        var fuzzer = new RequestFuzzer(seed: 17);
        var valid = Encoding.UTF8.GetBytes(SmallRequests.Valid);
        var (taken, refused, longest) = (0, 0, 0);
        for (var i = 0; i < Requests; i++)
        {
            var (body, jsonBytes) = fuzzer.Request();
            longest = Math.Max(longest, body.Length);
            if (Read(request, body, jsonBytes, i))
            {
                Assert.Equal(SlowRequest.Scores(body, jsonBytes), FormulaTarget.Scores(request.Batch));
                taken++;
            }
            else
            {
                Assert.True(request.Problems.Count > 0 && request.Problems.ToString().Length is > 0 and < 20_000, $"request {i}");
                refused++;
            }

            if (i % 50 == 0)
            {
                Assert.True(Read(request, valid, null, i));
                Assert.Equal(SmallRequests.ValidScores, FormulaTarget.Scores(request.Batch));
            }
        }

        Assert.True(taken > 10_000 && refused > 40_000, $"{taken} taken, {refused} refused");

        // Buffers are as large as the card's largest tensors and the longest body ask for, and the next request allocates nothing.
        Assert.InRange(request.RetainedBytes, 1, (2L * longest) + (4 * layout.Slots.Sum(slot => (long)slot.MaxElements)));
        Assert.True(Read(request, valid, null, Requests));
        Assert.Equal(0, Allocation.Of(() => request.Read(null)));
    }

    private static bool Read(InferRequest request, byte[] body, long? jsonBytes, int index)
    {
        request.Body.Clear();
        request.Body.Append(body);
        try
        {
            return request.Read(jsonBytes);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"request {index}, {jsonBytes} bytes of JSON: {Encoding.UTF8.GetString(body)}", e);
        }
    }
}
