using Rectune.Core.Domain;
using Rectune.Core.Onnx;
using Rectune.Core.Onnx.Protobuf;
using Rectune.Tests.Fakes;
using Xunit;
using DataType = Rectune.Core.Onnx.Protobuf.TensorProto.Types.DataType;

namespace Rectune.Tests.Onnx.Import;

/// <summary>What is found and what is refused. That the rest still computes the same is proved where graphs can be run.</summary>
public sealed class ModelLiftTests
{
    [Fact]
    public void Lift_TwoTablesAndTwoNumbers_LaysThemOutSideBySide()
    {
        var lifted = Lift(new OnnxSketch()
            .Ids("user:id", -1).Ids("items", -1, 3).Input("age", DataType.Float, -1, 2).Input("image", DataType.Float, -1, 4, 5)
            .Weights("users", 10, 4).Weights("goods", 20, 8)
            .Node("Gather", "u", "users user:id").Node("Gather", "i", "goods items").Node("Flatten", "f", "i").Node("Flatten", "g", "image")
            .Node("Concat", "c", "u f age g", ("axis", 1)).Layer("y", "c", 50, 1).Output("y", -1, 1));
        Assert.Equal(
            [new LiftedFeature("user_id", "user:id", 0, 10, 4, 0, 1, false, 0), new LiftedFeature("items", "items", 1, 20, 8, 0, 3, false, 4)], lifted.Features);
        Assert.Equal([("users", 10L, 4), ("goods", 20L, 8)], lifted.Tables.Select(table => (table.Name, table.Rows, table.Dim)));
        Assert.Equal([("age", 0, 2), ("image", 2, 20)], lifted.DenseInputs.Select(input => (input.Name, input.Offset, input.Width)));
        Assert.Equal((28, 22, 1), (lifted.PooledWidth, lifted.DenseWidth, lifted.ScoreWidth));
        Assert.Null(lifted.ExportedBatch);
    }

    [Fact]
    public void Lift_RemainingGraph_HoldsNoTableAndNoInputOfTheUsers()
    {
        var lifted = Lift(Scored(Row()));
        Assert.Equal([DenseTensors.Pooled], lifted.Graph.Graph.Input.Select(input => input.Name));
        Assert.Equal([DenseTensors.Score], lifted.Graph.Graph.Output.Select(output => output.Name));
        Assert.DoesNotContain(lifted.Graph.Graph.Initializer, tensor => tensor.Name == "table");
        Assert.DoesNotContain(lifted.Graph.Graph.Node, node => node.OpType == "Gather");
    }

    [Fact]
    public void Lift_OneInputForTwoTables_NamesEachFeatureAfterBoth()
    {
        var lifted = Lift(Row().Weights("other/table", 10, 4).Node("Gather", "second", "other/table id").Node("Add", "sum", "row second").Layer("y", "sum", 4, 1).Output("y", -1, 1));
        Assert.Equal(["id", "id.other_table"], lifted.Features.Select(feature => feature.Name));
    }

    [Fact]
    public void Lift_TwoInputsForOneTable_ShareIt()
    {
        var lifted = Lift(Row().Ids("last", -1).Node("Identity", "alias", "table").Node("Gather", "second", "alias last")
            .Node("Add", "sum", "row second").Layer("y", "sum", 4, 1).Output("y", -1, 1));
        Assert.Single(lifted.Tables);
        Assert.Equal([("id", 0, 0), ("last", 0, 4)], lifted.Features.Select(feature => (feature.Name, feature.Table, feature.Offset)));
    }

    [Fact]
    public void Lift_SameIdsInSameTableTwice_ShareTheirColumns()
    {
        var lifted = Lift(Row().Node("Gather", "again", "table id").Node("Mul", "square", "row again").Layer("y", "square", 4, 1).Output("y", -1, 1));
        Assert.Equal(4, lifted.PooledWidth);
    }

    [Theory]
    [InlineData("dense", "dense.2")]
    [InlineData("seen.offsets", "seen.offsets_")]
    [InlineData("größe", "gr__e")]
    public void Lift_InputNameOfAnotherMeaning_GivesTheFeatureAnother(string input, string feature)
    {
        var lifted = Lift(Scored(new OnnxSketch().Ids(input, -1).Weights("table", 10, 4).Node("Gather", "row", "table " + input)));
        Assert.Equal((feature, input), (lifted.Features[0].Name, lifted.Features[0].Input));
    }

    public static TheoryData<string, string> Obstacles { get; } = new()
    {
        { "axis", "it gathers along axis 1 of a table of shape [10, 4], not rows of a matrix" },
        { "rank", "it gathers along axis 0 of a table of shape [10, 2, 2], not rows of a matrix" },
        { "type", "its table holds double, not float or float16" },
        { "table", "its table also serves MatMul 'tied'" },
        { "ids", "its ids also feed Equal 'mask'" },
        { "order", "its ids pass through Transpose 'part'" },
        { "shape", "the shape after Reshape 'part' depends on more than the batch" },
    };

    [Theory]
    [MemberData(nameof(Obstacles))]
    public void Lift_LookupThatMustStay_SaysWhyAndFeedsItsIdsAsNumbers(string obstacle, string reason)
    {
        var lifted = Lift(Unliftable(obstacle));
        Assert.Equal(reason, Assert.Single(lifted.InPlace).Reason);
        Assert.Equal((0, true), (lifted.PooledWidth, lifted.DenseInputs[0].IsInteger));
        Assert.Equal(obstacle == "axis" ? 4 : 10, lifted.DenseInputs[0].Rows);
    }

    [Fact]
    public void Lift_OneObstacleOfAnInput_KeepsItsOtherLookupsToo()
    {
        var lifted = Lift(Row().Weights("cube", 10, 2, 2).Node("Gather", "second", "cube id").Node("Flatten", "flat", "second")
            .Node("Add", "sum", "row flat").Layer("y", "sum", 4, 1).Output("y", -1, 1));
        Assert.Empty(lifted.Features);
        Assert.Contains(lifted.InPlace, lookup => lookup is { Node: "row", Reason: "its ids also feed Gather 'second'" });
    }

    [Fact]
    public void Lift_IntegersOfUnknownMeaning_NamesInputAndReader()
    {
        var problem = Problem(new OnnxSketch().Ids("hour", -1).Integers("hours", 24).Node("Mod", "h", "hour hours").Output("h", -1));
        Assert.Contains("input 'hour': found int64 read by Mod 'h'", problem.What, StringComparison.Ordinal);
        Assert.Contains("as float", problem.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Lift_MoreRowsThanFloatCounts_IsRefused()
    {
        var sketch = new OnnxSketch().Ids("id", -1).Stored(Huge()).Node("Gather", "row", "table id").Node("ReduceSum", "norm", "table").Node("Add", "y", "row norm").Output("y", -1, 4);
        Assert.Contains("input 'id': found ids of 16777217 rows", Problem(sketch).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DataType.String, "elements of string")]
    [InlineData(DataType.Bool, "elements of bool")]
    public void Lift_InputOfOtherType_IsNamed(DataType type, string expected)
    {
        var problem = Problem(new OnnxSketch().Input("odd", type, -1).Node("Identity", "y", "odd").Output("y", -1));
        Assert.Contains($"input 'odd': found {expected}", problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Lift_OpenBagSize_IsNamed() =>
        Assert.Contains("input 'id': found shape [n, n]", Problem(Scored(new OnnxSketch().Ids("id", -1, -1).Weights("table", 10, 4).Node("Gather", "row", "table id"))).What, StringComparison.Ordinal);

    [Fact]
    public void Lift_DifferingBatches_AreListed()
    {
        var problem = Problem(new OnnxSketch().Input("a", DataType.Float, 1, 2).Input("b", DataType.Float, 3, 2).Node("Add", "y", "a b").Output("y", 3, 2));
        Assert.Contains("('a' 1, 'b' 3)", problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Lift_TableThatDoesNotFillItsShape_IsNamed()
    {
        var problem = Problem(Scored(new OnnxSketch().Ids("id", -1).Floats("table", [1, 2, 3], 10, 4).Node("Gather", "row", "table id")));
        Assert.Contains("found 3 elements in tensor 'table', expected 40", problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Lift_NoInput_IsRefused() =>
        Assert.Contains("no input", Problem(new OnnxSketch().Weights("w", 1, 1).Node("Relu", "y", "w").Output("y", 1, 1)).What, StringComparison.Ordinal);

    [Fact]
    public void Lift_SeveralOutputs_ListsThem()
    {
        var problem = Problem(TwoOutputs());
        Assert.Contains("2 outputs (y, z)", problem.What, StringComparison.Ordinal);
        Assert.Contains("--output NAME", problem.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Lift_ChosenOutput_DropsWhatOnlyTheOtherNeeds()
    {
        var lifted = ModelLift.Lift(TwoOutputs().Model, "m.onnx", "z");
        Assert.Equal("z", lifted.Output);
        Assert.Empty(lifted.Features);
        Assert.Equal("x", Assert.Single(lifted.DenseInputs).Name);
    }

    [Fact]
    public void Lift_UnknownOutput_ListsTheKnown() => Assert.Contains(
        "found 'w', expected an output of m.onnx",
        Assert.Throws<InvalidInputException>(() => ModelLift.Lift(TwoOutputs().Model, "m.onnx", "w")).Message,
        StringComparison.Ordinal);

    private static OnnxSketch Row() => new OnnxSketch().Ids("id", -1).Weights("table", 10, 4).Node("Gather", "row", "table id");

    private static OnnxSketch Scored(OnnxSketch sketch) => sketch.Layer("y", "row", 4, 1).Output("y", -1, 1);

    private static OnnxSketch TwoOutputs() => Row().Input("x", DataType.Float, -1, 2)
        .Layer("y", "row", 4, 1).Output("y", -1, 1).Layer("z", "x", 2, 1).Output("z", -1, 1);

    private static TensorProto Huge() => new() { Name = "table", DataType = (int)DataType.Float, Dims = { (1 << 24) + 1, 4 } };

    private static OnnxSketch Unliftable(string obstacle) => obstacle switch
    {
        "axis" => new OnnxSketch().Ids("id", -1).Weights("table", 10, 4).Node("Gather", "columns", "table id", ("axis", 1))
            .Node("Transpose", "row", "columns").Layer("y", "row", 10, 1).Output("y", -1, 1),
        "rank" => Scored(new OnnxSketch().Ids("id", -1).Weights("table", 10, 2, 2).Node("Gather", "square", "table id").Node("Flatten", "row", "square")),
        "type" => Scored(new OnnxSketch().Ids("id", -1)
            .Stored(new TensorProto { Name = "table", DataType = (int)DataType.Double, Dims = { 10, 4 }, RawData = Google.Protobuf.ByteString.CopyFrom(new byte[320]) })
            .Node("Gather", "wide", "table id").Node("Cast", "row", "wide", ("to", DataType.Float))),
        "table" => Row().Node("Identity", "also", "table").Weights("w", 2, 10).Node("MatMul", "tied", "w also")
            .Node("ReduceSum", "norm", "tied", ("keepdims", 0)).Node("Add", "sum", "row norm").Layer("y", "sum", 4, 1).Output("y", -1, 1),
        "ids" => Row().Integers("none", 0).Node("Equal", "mask", "id none").Node("Cast", "m", "mask", ("to", DataType.Float)).Integers("last", -1)
            .Node("Unsqueeze", "m1", "m last").Node("Add", "sum", "row m1").Layer("y", "sum", 4, 1).Output("y", -1, 1),
        "order" => Scored(new OnnxSketch().Ids("ids", -1, 1).Integers("flat", -1)
            .Node("Transpose", "part", "ids").Node("Reshape", "id", "part flat").Weights("table", 10, 4).Node("Gather", "row", "table id")),
        _ => new OnnxSketch().Ids("ids", -1, 3).Weights("table", 10, 4).Node("Shape", "s", "ids").Node("Reshape", "part", "ids s").Node("Gather", "rows", "table part")
            .Node("Flatten", "row", "rows").Layer("y", "row", 12, 1).Output("y", -1, 1),
    };

    private static LiftedModel Lift(OnnxSketch sketch) => ModelLift.Lift(sketch.Model, "m.onnx");

    private static InputProblem Problem(OnnxSketch sketch) => Assert.Throws<InvalidInputException>(() => Lift(sketch)).Problems[0];
}
