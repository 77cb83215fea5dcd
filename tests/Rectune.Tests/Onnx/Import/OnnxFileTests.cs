using System.Text;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Onnx;
using Rectune.Core.Onnx.Protobuf;
using Rectune.Tests.Fakes;
using Xunit;
using DataType = Rectune.Core.Onnx.Protobuf.TensorProto.Types.DataType;

namespace Rectune.Tests.Onnx.Import;

public sealed class OnnxFileTests
{
    [Theory]
    [InlineData(7)]
    [InlineData(26)]
    public void Read_SupportedOperatorSet_GivesTheModel(long version)
    {
        var model = Read(Relu(version).ToBytes());
        Assert.Equal(version, OnnxFile.OperatorSet(model));
        Assert.Equal("Relu", Assert.Single(model.Graph.Node).OpType);
    }

    [Theory]
    [InlineData(6, "found operator set 6, expected 7 to 26")]
    [InlineData(27, "found operator set 27, expected 7 to 26")]
    [InlineData(0, "found no operator set")]
    public void Read_OtherOperatorSet_SaysBoth(long version, string expected) => Assert.Contains(expected, Problem(Relu(version).ToBytes()).What, StringComparison.Ordinal);

    [Fact]
    public void Read_AnyPrefix_IsRefused()
    {
        var bytes = Relu(17).ToBytes();
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Equal("m.onnx", Problem(bytes[..length]).Where);
        }
    }

    [Fact]
    public void Read_CutInsideTheGraph_SaysWhere()
    {
        var bytes = Relu(17).ToBytes();
        Assert.Matches("cut short, near byte [1-9][0-9]*", Problem(bytes[..(bytes.Length / 2)]).What);
    }

    [Fact]
    public void Read_Text_IsRefused() => Assert.Contains("not ONNX", Problem(Encoding.UTF8.GetBytes("{\"schema\": \"rectune.card/1\"}")).What, StringComparison.Ordinal);

    [Fact]
    public void Read_ForeignOperator_NamesNodeDomainAndOperator()
    {
        var sketch = Relu(17);
        sketch.Model.Graph.Node.Add(new NodeProto { OpType = "FusedLookup", Domain = "org.example", Name = "bag", Input = { "y" }, Output = { "z" } });
        Assert.Contains("operator FusedLookup of the custom domain 'org.example' at node 'bag'", Problem(sketch.ToBytes()).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ForeignOperatorInABranch_IsFound()
    {
        var branch = new GraphProto { Node = { new NodeProto { OpType = "Odd", Domain = "org.example", Output = { "o" } } } };
        var sketch = Relu(17).Node("If", "i", "y", ("then_branch", branch));
        Assert.Contains("operator Odd", Problem(sketch.ToBytes()).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ai.onnx")]
    [InlineData("ai.onnx.ml")]
    [InlineData("com.microsoft")]
    [InlineData("in.the.file")]
    public void Read_KnownDomain_IsAccepted(string domain)
    {
        var sketch = Relu(17);
        sketch.Model.Graph.Node[0].Domain = domain;
        sketch.Model.Functions.Add(new FunctionProto { Domain = "in.the.file", Name = "Relu" });
        Assert.Equal(domain, Read(sketch.ToBytes()).Graph.Node[0].Domain);
    }

    [Theory]
    [InlineData("Gather", "x")]
    [InlineData("Reshape", "x")]
    public void Read_NodeWithoutItsOperands_IsNamed(string operatorType, string inputs) =>
        Assert.Contains($"found {operatorType} 'odd' with 1 inputs", Problem(Relu(17).Node(operatorType, "odd", inputs).ToBytes()).What, StringComparison.Ordinal);

    [Fact]
    public void Read_NodesThatReadEachOther_AreNamed() =>
        Assert.Contains("'a' that depends on itself", Problem(Relu(17).Node("Identity", "a", "b").Node("Identity", "b", "a").ToBytes()).What, StringComparison.Ordinal);

    [Fact]
    public void ReadAndLift_DamagedBytes_AreRefusedOrUnderstood()
    {
        var sound = new OnnxSketch(12).Ids("ids", -1, 3).Input("x", DataType.Float, -1, 2).Weights("table", 10, 4).Integers("target", -1, 2)
            .Node("Split", "a part", "ids", ("axis", 1), ("split", new long[] { 1, 2 })).Node("Reshape", "index", "part target").Node("Gather", "rows", "table index")
            .Node("ReduceSum", "bag", "rows", ("axes", new long[] { 1 }), ("keepdims", 0)).Node("Squeeze", "first", "a", ("axes", new long[] { 1 })).Node("Gather", "row", "table first")
            .Node("Concat", "c", "bag row x", ("axis", 1)).Layer("y", "c", 10, 1).Output("y", -1, 1).ToBytes();
        var random = new SplitMix64(5);
        var (refused, understood) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = sound.ToArray();
            for (var changes = random.NextInt64(3); changes >= 0; changes--)
            {
                bytes[random.NextInt64(bytes.Length)] = (byte)random.NextInt64(256);
            }

            try
            {
                _ = ModelLift.Lift(Read(bytes), "m.onnx");
                understood++;
            }
            catch (InvalidInputException)
            {
                refused++;
            }
        }

        Assert.True(refused > 1000 && understood > 1000, $"{refused} refused, {understood} understood");
    }

    private static OnnxSketch Relu(long version) =>
        new OnnxSketch(version).Input("x", DataType.Float, -1, 2).Node("Relu", "y", "x").Output("y", -1, 2);

    private static ModelProto Read(byte[] bytes) => OnnxFile.Read(new MemoryStream(bytes), "m.onnx");

    private static InputProblem Problem(byte[] bytes) => Assert.Throws<InvalidInputException>(() => Read(bytes)).Problems[0];
}
