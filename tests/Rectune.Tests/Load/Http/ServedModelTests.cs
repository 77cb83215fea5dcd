using System.Text;
using Rectune.Core.Domain;
using Rectune.Engine.Load.Http;
using Xunit;

namespace Rectune.Tests.Load.Http;

public sealed class ServedModelTests
{
    [Fact]
    public void Read_Metadata_TakesNamesTypesAndShapes()
    {
        var model = Read("""
            {"name":"m","versions":["1"],"platform":"x","inputs":[
            {"name":"a","datatype":"FP32","shape":[-1,2,3]},{"name":"b","datatype":"INT64","shape":[-1]}],
            "outputs":[],"parameters":{"max_batch_samples":64}}
            """);
        Assert.Equal(64, model.MaxSamples);
        Assert.Equal(("a", ElementKind.Fp32, 6), (model.Inputs[0].Name, model.Inputs[0].Kind, model.Inputs[0].Width));
        Assert.Equal([2, 3], model.Inputs[0].SampleShape);
        Assert.Equal(("b", ElementKind.Int64, 1), (model.Inputs[1].Name, model.Inputs[1].Kind, model.Inputs[1].Width));
    }

    [Fact]
    public void Read_InputsThatCannotBeMadeUp_TellsEachOfThem()
    {
        var problems = Assert.Throws<InvalidInputException>(() => Read("""
            {"inputs":[{"name":"a","datatype":"BYTES","shape":[-1]},{"name":"b","datatype":"FP32","shape":[-1,-1]},
            {"name":"c","datatype":"FP32","shape":[4]},{"name":"d","datatype":"FP32"},{"name":"e","datatype":"FP32","shape":[-1,99999999999]}]}
            """)).Problems;
        Assert.Equal(5, problems.Count);
        Assert.Contains("found datatype 'BYTES', expected one of BOOL", problems[0].What, StringComparison.Ordinal);
        Assert.Contains("found shape [-1,-1], expected [-1,…]", problems[1].What, StringComparison.Ordinal);
        Assert.Contains("found shape [4]", problems[2].What, StringComparison.Ordinal);
        Assert.Equal("metadata: $.inputs[3]", problems[3].Where);
        Assert.Contains("found shape [-1,99999999999]", problems[4].What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "malformed JSON")]
    [InlineData("[]", "no 'inputs'")]
    [InlineData("{}", "no 'inputs'")]
    [InlineData("""{"inputs":[]}""", "no 'inputs'")]
    public void Read_NoMetadata_SaysWhatIsMissing(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidInputException>(() => Read(text)).Message, StringComparison.Ordinal);

    private static ServedModel Read(string text) => ServedModel.Read(Encoding.UTF8.GetBytes(text), "m", "metadata");
}
