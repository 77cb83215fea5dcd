using System.Text;
using Rectune.Engine.Load.Http;
using Xunit;

namespace Rectune.Tests.Load.Http;

public sealed class OutputCheckTests
{
    [Theory]
    [InlineData("""{"outputs":[{"name":"s","datatype":"FP32","shape":[2],"data":[1,2]}]}""")]
    [InlineData("""{"outputs":[{"name":"s","datatype":"FP32","shape":[2,2],"data":[[1,2],[3,4]]},{"name":"t","datatype":"INT64","shape":[1],"data":[7]}]}""")]
    public void Problem_CompleteOutputs_IsNone(string json) => Assert.Null(OutputCheck.Problem(Encoding.UTF8.GetBytes(json), jsonBytes: null));

    [Theory]
    [InlineData("", "no JSON")]
    [InlineData("{}", "no 'outputs'")]
    [InlineData("""{"outputs":[]}""", "no 'outputs'")]
    [InlineData("""{"error":"x"}""", "no 'outputs'")]
    [InlineData("""{"outputs":[{"name":"s","data":[1]}]}""", "no 'shape'")]
    [InlineData("""{"outputs":[{"name":"s","shape":[0],"data":[]}]}""", "no 'shape' of at least one element")]
    [InlineData("""{"outputs":[{"name":"s","shape":[3],"data":[1,2]}]}""", "holds 2 elements, its shape 3")]
    [InlineData("""{"outputs":[{"name":"s","shape":[3]}]}""", "neither 'data' nor 'binary_data_size'")]
    public void Problem_NoOutputs_SaysWhy(string json, string expected) =>
        Assert.Contains(expected, OutputCheck.Problem(Encoding.UTF8.GetBytes(json), jsonBytes: null), StringComparison.Ordinal);

    [Theory]
    [InlineData(8, null)]
    [InlineData(7, "not as long")]
    [InlineData(9, "not as long")]
    public void Problem_RawTensors_MustBeAsLongAsSaid(int rawBytes, string? expected)
    {
        var json = Encoding.UTF8.GetBytes("""{"outputs":[{"name":"s","datatype":"FP32","shape":[2],"parameters":{"binary_data_size":8}}]}""");
        var problem = OutputCheck.Problem([.. json, .. new byte[rawBytes]], json.Length);
        Assert.Equal(expected is null, problem is null);
        Assert.Contains(expected ?? "", problem ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Problem_JsonPartLongerThanTheBody_SaysSo() => Assert.Contains("2 in all", OutputCheck.Problem("{}"u8, jsonBytes: 3), StringComparison.Ordinal);
}
