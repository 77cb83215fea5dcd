using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Rectune.Engine.Serving.Protocol;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving.Protocol;

public sealed class InferResponseWriterTests
{
    private readonly InferResponseWriter writer = new("small", "1", outputs: 1);

    [Fact]
    public void Write_Json_IsTheProtocolsDocument()
    {
        var jsonBytes = writer.Write([0.25f, 1e-7f], ScoreEncoding.Json, "\"a\\u0062\""u8);

        var text = Encoding.UTF8.GetString(writer.Written.Span);
        Assert.Equal(
            """{"model_name":"small","model_version":"1","id":"a\u0062","outputs":[{"name":"score","datatype":"FP32","shape":[2,1],"data":[0.25,1E-07]}]}""",
            text);
        Assert.Equal(text.Length, jsonBytes);
    }

    [Fact]
    public void Write_JsonWithoutId_HasNone()
    {
        writer.Write([1f], ScoreEncoding.Json, "\"long id that was here before\""u8);
        writer.Write([1f], ScoreEncoding.Json, default);

        Assert.Equal(
            """{"model_name":"small","model_version":"1","outputs":[{"name":"score","datatype":"FP32","shape":[1,1],"data":[1]}]}""",
            Encoding.UTF8.GetString(writer.Written.Span));
    }

    [Fact]
    public void Write_Json_KeepsEveryBitOfTheScores()
    {
        float[] scores = [float.Epsilon, float.MaxValue, 0.1f, MathF.BitDecrement(1f), -0f];
        writer.Write(scores, ScoreEncoding.Json, default);

        using var document = JsonDocument.Parse(writer.Written);
        var data = document.RootElement.GetProperty("outputs")[0].GetProperty("data");
        Assert.Equal(scores.Select(BitConverter.SingleToInt32Bits), data.EnumerateArray().Select(v => BitConverter.SingleToInt32Bits(v.GetSingle())));
    }

    [Fact]
    public void Write_Binary_PutsTheScoresAfterTheJson()
    {
        var jsonBytes = writer.Write([0.25f, -2f], ScoreEncoding.Binary, default);

        var written = writer.Written.Span;
        Assert.Equal(
            """{"model_name":"small","model_version":"1","outputs":[{"name":"score","datatype":"FP32","shape":[2,1],"parameters":{"binary_data_size":8}}]}""",
            Encoding.UTF8.GetString(written[..jsonBytes]));
        Assert.Equal(8, written.Length - jsonBytes);
        Assert.Equal(0.25f, BinaryPrimitives.ReadSingleLittleEndian(written[jsonBytes..]));
        Assert.Equal(-2f, BinaryPrimitives.ReadSingleLittleEndian(written[(jsonBytes + 4)..]));
    }

    [Fact]
    public void Write_SeveralOutputs_HasARowASample()
    {
        var two = new InferResponseWriter("small", "1", outputs: 2);

        two.Write([0.25f, 0.75f, 0.5f, 0.5f, 1f, 0f], ScoreEncoding.Json, default);
        Assert.Equal(
            """{"model_name":"small","model_version":"1","outputs":[{"name":"score","datatype":"FP32","shape":[3,2],"data":[0.25,0.75,0.5,0.5,1,0]}]}""",
            Encoding.UTF8.GetString(two.Written.Span));

        var jsonBytes = two.Write([0.25f, 0.75f], ScoreEncoding.Binary, default);
        var written = two.Written.Span;
        Assert.EndsWith("""shape":[1,2],"parameters":{"binary_data_size":8}}]}""", Encoding.UTF8.GetString(written[..jsonBytes]), StringComparison.Ordinal);
        Assert.Equal(0.25f, BinaryPrimitives.ReadSingleLittleEndian(written[jsonBytes..]));
        Assert.Equal(0.75f, BinaryPrimitives.ReadSingleLittleEndian(written[(jsonBytes + 4)..]));
    }

    [Theory]
    [InlineData(ScoreEncoding.Json)]
    [InlineData(ScoreEncoding.Binary)]
    public void Write_Again_AllocatesNothing(ScoreEncoding encoding)
    {
        var scores = new float[100];
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                writer.Write(scores, encoding, "\"id\""u8);
            }
        }));
    }
}
