using System.Text;
using Rectune.Engine.Serving.Protocol;
using Xunit;

namespace Rectune.Tests.Serving.Protocol;

public sealed class MetadataDocumentsTests
{
    [Fact]
    public void Server_IsTheProtocolsDocument() => Assert.Equal(
        """{"name":"rectune","version":"0.1.0","extensions":["binary_tensor_data","model_repository"]}""",
        Encoding.UTF8.GetString(MetadataDocuments.Server("0.1.0")));

    [Theory]
    [InlineData(null, """[{"name":"small","version":"3","state":"READY","reason":""}]""")]
    [InlineData("draining", """[{"name":"small","version":"3","state":"UNAVAILABLE","reason":"draining"}]""")]
    public void RepositoryIndex_NamesTheModelAndItsState(string? reason, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(MetadataDocuments.RepositoryIndex("small", "3", reason)));

    [Fact]
    public void Model_NamesEveryTensor()
    {
        var layout = new InputLayout(SmallRequests.Card, 8);

        var text = Encoding.UTF8.GetString(MetadataDocuments.Model("small", "3", layout));

        Assert.StartsWith(
            """
            {"name":"small","versions":["3"],"platform":"rectune_onnxruntime","inputs":[
            {"name":"dense","datatype":"FP32","shape":[-1,3]},
            {"name":"A","datatype":"INT64","shape":[-1,1]},
            {"name":"B","datatype":"INT64","shape":[-1,1]},
            {"name":"C","datatype":"INT64","shape":[-1,4]}],
            "outputs":[{"name":"score","datatype":"FP32","shape":[-1,1]}],
            "parameters":{"max_batch_samples":8,
            """.ReplaceLineEndings(""),
            text,
            StringComparison.Ordinal);
        Assert.Contains("'<feature>.offsets' [batch+1]", text, StringComparison.Ordinal);
        Assert.Contains("\"quality_min\":\"a request's parameters may have 'quality_min'", text, StringComparison.Ordinal);
        Assert.DoesNotContain("sequence_inputs", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Model_SeveralOutputsAndNoDenseFeatures_SaysSo()
    {
        var text = Encoding.UTF8.GetString(MetadataDocuments.Model("small", "1", new InputLayout(SmallRequests.TwoOutputsWithoutDense, 8)));

        Assert.DoesNotContain("\"dense\"", text, StringComparison.Ordinal);
        Assert.Contains("""outputs":[{"name":"score","datatype":"FP32","shape":[-1,2]}]""", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Model_Sequences_AreNamed()
    {
        var text = Encoding.UTF8.GetString(MetadataDocuments.Model("small", "1", new InputLayout(SmallRequests.Sequences, 8)));

        Assert.Contains("\"sequence_inputs\":\"ids of 'past.item', 'past.kind' are sequences", text, StringComparison.Ordinal);
    }
}
