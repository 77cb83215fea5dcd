using System.Text;
using System.Text.Json;
using Rectune.Core.Domain;
using Rectune.Engine.Serving.Protocol;
using Xunit;

namespace Rectune.Tests.Serving.Protocol;

public sealed class InputLayoutTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(3000)]
    public void BodyLimitBytes_LongestIndentedRequest_Fits(int samples)
    {
        var layout = new InputLayout(SmallRequests.Card, samples);
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, IndentSize = 4 }))
        {
            json.WriteStartObject();
            json.WriteStartArray("inputs");
            foreach (var slot in layout.Slots)
            {
                WriteLongest(json, slot, samples);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        Assert.InRange(buffer.WrittenCount, 0, layout.BodyLimitBytes);

        // The limit still means something: it is not far above the longest honest body.
        Assert.InRange(layout.BodyLimitBytes, 0, (1.3 * buffer.WrittenCount) + 80_000);
    }

    [Theory]
    [InlineData("dense", "found two input tensors of this name")]
    [InlineData("A", "found two input tensors of this name")]
    [InlineData("A.offsets", "found two input tensors of this name")]
    public void Constructor_NamesThatCollide_AreRefused(string name, string expected)
    {
        var card = SmallRequests.Card with { Sparse = [.. SmallRequests.Card.Sparse, new SparseFeature { Name = name, Rows = 1, Dim = 4 }] };

        var refusal = Assert.Throws<InvalidInputException>(() => new InputLayout(card, 8));
        Assert.StartsWith($"{name}: {expected}", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2_147_483_649, 1, "found 2147483649 rows")]
    [InlineData(0, 1, "found 0 rows")]
    [InlineData(10, 0, "found 0 values a sample")]
    [InlineData(10, 1_000_000, "found 1000000 values a sample")]
    public void Constructor_FeatureThatCannotBeServed_IsNamed(long rows, int lookups, string expected)
    {
        var card = SmallRequests.Card with { Sparse = [new SparseFeature { Name = "huge", Rows = rows, Dim = 4, Lookups = lookups }] };

        var refusal = Assert.Throws<InvalidInputException>(() => new InputLayout(card, 4096));
        Assert.StartsWith($"huge: {expected}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CardWithoutDenseFeatures_NeedsNone()
    {
        var request = new InferRequest(new InputLayout(SmallRequests.TwoOutputsWithoutDense, 8));
        request.Body.Append(Encoding.UTF8.GetBytes(SmallRequests.With(SmallRequests.A, SmallRequests.B, SmallRequests.C)));

        Assert.True(request.Read(null), request.Problems.ToString());
        Assert.Equal(2, request.Batch.Samples);
    }

    private static void WriteLongest(Utf8JsonWriter json, InputSlot slot, int samples)
    {
        var isDense = slot.Role == InputRole.Dense;
        var isOffsets = slot.Role == InputRole.Offsets;
        json.WriteStartObject();
        json.WriteString("name", slot.Name);
        json.WriteString("datatype", isDense ? "FP64" : "UINT64");
        json.WriteStartArray("shape");
        json.WriteNumberValue(isOffsets ? samples + 1 : samples);
        if (!isOffsets)
        {
            json.WriteNumberValue(slot.Width);
        }

        json.WriteEndArray();
        json.WriteStartArray("data");
        for (var row = 0; row < (isOffsets ? 1 : samples); row++)
        {
            if (!isOffsets)
            {
                json.WriteStartArray();
            }

            for (var i = 0; i < (isOffsets ? samples + 1 : slot.Width); i++)
            {
                if (isDense)
                {
                    json.WriteNumberValue(-1.2345678901234567e-300);
                }
                else
                {
                    json.WriteNumberValue(slot.Limit - 1);
                }
            }

            if (!isOffsets)
            {
                json.WriteEndArray();
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
