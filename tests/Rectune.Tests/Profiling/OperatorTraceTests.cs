using Rectune.Core.Domain;
using Rectune.Engine.Profiling;
using Xunit;

namespace Rectune.Tests.Profiling;

public sealed class OperatorTraceTests
{
    [Fact]
    public void Read_TwoGraphs_SumsMiddleMeansOfNodesByOperator()
    {
        var dense = Trace(
            Node("a", "Gemm", 100), Node("b", "Gemm", 1), Node("c", "Relu", 2),
            Node("a", "Gemm", 10), Node("b", "Gemm", 1), Node("c", "Relu", 2),
            Node("a", "Gemm", 12), Node("b", "Gemm", 1), Node("c", "Relu", 3),
            Node("a", "Gemm", 11), Node("b", "Gemm", 1), Node("c", "Relu", 0));
        var decoder = Trace(Enumerable.Repeat(Node("a", "Gemm", 5), 8).ToArray());
        var times = OperatorTrace.Read([("dense", dense), ("decoder", decoder)], runs: 4);
        Assert.Equal(
            [
                Time("dense", "Gemm", 2, 12.5),
                Time("decoder", "Gemm", 2, 10),
                Time("dense", "Relu", 1, 2),
            ],
            times);
    }

    [Fact]
    public void Read_OtherEvents_AreLeftOut() =>
        Assert.Empty(OperatorTrace.Read([("dense", """[{"cat":"Session","name":"model_run","dur":900,"args":{}},{"cat":"Node","name":"a_fence_before","dur":1,"args":{"op_name":"Gemm"}}]""")], 1));

    [Theory]
    [InlineData("[{")]
    [InlineData("{}")]
    [InlineData("""[{"cat":"Node"}]""")]
    public void Read_NotATrace_SaysSo(string trace) => Assert.Throws<FormatException>(() => OperatorTrace.Read([("dense", trace)], 1));

    private static string Trace(params string[] events) => $"[{string.Join(',', events)}]";

    private static string Node(string name, string kind, int us) => $$"""{"cat":"Node","args":{"op_name":"{{kind}}"},"name":"{{name}}_kernel_time","dur":{{us}} }""";

    private static OperatorTime Time(string graph, string kind, double calls, double us) => new() { Graph = graph, Operator = kind, CallsPerRun = calls, UsPerRun = us };
}
