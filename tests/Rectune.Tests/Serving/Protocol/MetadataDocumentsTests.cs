using System.Text;
using Rectune.Engine.Serving.Protocol;
using Xunit;

namespace Rectune.Tests.Serving.Protocol;

public sealed class MetadataDocumentsTests
{
    [Fact]
    public void Server_IsTheProtocolsDocument() => Assert.Equal(
        """{"name":"rectune","version":"0.1.0","extensions":["binary_tensor_data"]}""",
        Encoding.UTF8.GetString(MetadataDocuments.Server("0.1.0")));

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
    }
}
