using Microsoft.ML.OnnxRuntime;
using Rectune.Core.Onnx;
using Rectune.Core.Onnx.Protobuf;
using Rectune.Engine.Import;
using Rectune.Tests.Fakes;
using Xunit;
using DataType = Rectune.Core.Onnx.Protobuf.TensorProto.Types.DataType;

namespace Rectune.Tests.Import;

/// <summary>Every pattern that is lifted, run by ONNX Runtime as exported and as lifted.</summary>
public sealed class LiftProverTests : IDisposable
{
    private const double Tolerance = 1e-6;

    private readonly string folder = Directory.CreateTempSubdirectory("rectune-onnx").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Ways from <c>ids [batch, 3]</c> to indices, and the shape of the rows that result.</summary>
    public static TheoryData<int, string> Chains { get; } = new()
    {
        { 17, "Identity" },
        { 17, "Cast" },
        { 7, "Cast through double" },
        { 17, "Cast through float" },
        { 17, "Reshape" },
        { 7, "Reshape" },
        { 17, "Reshape copying the batch" },
        { 17, "Flatten" },
        { 12, "Squeeze" },
        { 17, "Squeeze" },
        { 12, "Unsqueeze" },
        { 17, "Unsqueeze" },
        { 17, "Unsqueeze before the batch" },
        { 17, "Constant" },
        { 26, "Flatten" },
    };

    [Theory]
    [MemberData(nameof(Chains))]
    public void Prove_IdsBehindReshapingOperators_AreLifted(int operatorSet, string chain)
    {
        var sketch = new OnnxSketch(operatorSet).Ids("ids", -1, 3).Weights("table", 10, 4);
        Chain(sketch, chain).Integers("wide", -1, 12).Node("Gather", "rows", "table index").Node("Reshape", "flat", "rows wide").Layer("y", "flat", 12, 2).Output("y", -1, 2);
        using var model = Lifted(sketch);
        var feature = Assert.Single(model.Lifted.Features);
        Assert.Equal((3, false, 12), (feature.Ids, feature.IsPooled, feature.Width));
        Assert.Empty(model.Lifted.DenseInputs);
    }

    [Theory]
    [InlineData(7, 1L, 0)]
    [InlineData(11, 1L, 0)]
    [InlineData(11, -2L, 1)]
    [InlineData(13, 1L, 1)]
    [InlineData(17, -2L, 0)]
    public void Prove_SummedBag_IsOnePooledLookup(int operatorSet, long axis, int keepAxes)
    {
        var sketch = new OnnxSketch(operatorSet).Ids("ids", -1, 5).Weights("table", 10, 4).Node("Gather", "rows", "table ids");
        _ = operatorSet < 13
            ? sketch.Node("ReduceSum", "bag", "rows", ("axes", new[] { axis }), ("keepdims", keepAxes))
            : sketch.Integers("axes", axis).Node("ReduceSum", "bag", "rows axes", ("keepdims", keepAxes));
        using var model = Lifted(sketch.Node("Flatten", "flat", "bag").Layer("y", "flat", 4, 1).Output("y", -1, 1));
        var feature = Assert.Single(model.Lifted.Features);
        Assert.Equal((5, true, 4), (feature.Ids, feature.IsPooled, feature.Width));
    }

    [Fact]
    public void Prove_SumOverMoreThanTheBag_KeepsTheRows()
    {
        var sketch = new OnnxSketch().Ids("ids", -1, 5).Weights("table", 10, 4).Integers("axes", 1, 2)
            .Node("Gather", "rows", "table ids").Node("ReduceSum", "y", "rows axes", ("keepdims", 0)).Output("y", -1);
        using var model = Lifted(sketch);
        Assert.False(Assert.Single(model.Lifted.Features).IsPooled);
    }

    [Fact]
    public void Prove_SumReadBesideTheRows_KeepsTheRows()
    {
        var sketch = new OnnxSketch().Ids("ids", -1, 5).Weights("table", 10, 4).Integers("axes", 1).Node("Gather", "rows", "table ids")
            .Node("ReduceSum", "bag", "rows axes", ("keepdims", 1)).Node("Mul", "y", "bag rows").Output("y", -1, 5, 4);
        using var model = Lifted(sketch);
        Assert.Equal((20, 20), (model.Lifted.PooledWidth, model.Lifted.ScoreWidth));
    }

    [Theory]
    [InlineData(7, 3)]
    [InlineData(9, 8)]
    [InlineData(17, 8)]
    public void Prove_SeveralTablesAndInputs_AreSlicedAsTheOperatorSetSpellsIt(int operatorSet, int irVersion)
    {
        var sketch = new OnnxSketch(operatorSet, irVersion).Ids("user", -1).Input("item", DataType.Int32, -1).Input("image", DataType.Float, -1, 2, 3).Input("age", DataType.Float, -1, 1)
            .Weights("users", 10, 4).Weights("items", 20, 6).Weights("bias", 20, 1)
            .Node("Gather", "u", "users user").Node("Gather", "i", "items item").Node("Gather", "b", "bias item").Node("Flatten", "pixels", "image")
            .Node("Concat", "x", "u i b pixels age", ("axis", 1)).Layer("h", "x", 18, 8).Node("Relu", "r", "h").Layer("y", "r", 8, 1).Output("y", -1, 1);
        using var model = Lifted(sketch);
        Assert.Equal((11, 7), (model.Lifted.PooledWidth, model.Lifted.DenseWidth));
    }

    [Theory]
    [InlineData("Split", 1, 1)]
    [InlineData("Split in sizes", 1, 1)]
    [InlineData("Gather", 1, 1)]
    [InlineData("Gather keeping the axis", 2, 1)]
    [InlineData("Gather from the end", 2, 1)]
    [InlineData("Slice", 1, 2)]
    [InlineData("Slice by attributes", 1, 2)]
    [InlineData("Slice of all axes", 1, 2)]
    public void Prove_ColumnsOfAnIdMatrix_AreFeaturesOfTheirOwn(string selection, int first, int count)
    {
        var sketch = new OnnxSketch(selection == "Slice by attributes" ? 9 : selection == "Split in sizes" ? 12 : 17).Ids("ids", -1, 3).Weights("table", 10, 4).Weights("other", 20, 4);
        Select(sketch, selection).Node("Gather", "rows", "table part").Integers("column", 0).Node("Gather", "index", "ids column", ("axis", 1)).Node("Gather", "own", "other index")
            .Integers("wide", -1, 4 * count).Node("Reshape", "flat", "rows wide").Node("Reshape", "row", "own narrow").Integers("narrow", -1, 4)
            .Node("Concat", "x", "flat row", ("axis", 1)).Layer("y", "x", 4 * (count + 1), 1).Output("y", -1, 1);
        using var model = Lifted(sketch);
        Assert.Contains(("ids.table", first, count), model.Lifted.Features.Select(feature => (feature.Name, feature.FirstId, feature.Ids)));
        Assert.Contains(("ids.other", 0, 1), model.Lifted.Features.Select(feature => (feature.Name, feature.FirstId, feature.Ids)));
        Assert.Equal(3, model.Lifted.IdInputs["ids"]);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 0)]
    public void Prove_ColumnsThatAreNoRunOfIds_ComeAsNumbers(int step, int axis)
    {
        var sketch = new OnnxSketch().Ids("ids", -1, 4, 2).Weights("table", 10, 4).Integers("from", 0).Integers("to", 4).Integers("axis", 1 + (1 - axis)).Integers("step", step)
            .Node("Slice", "part", "ids from to axis step").Node("Gather", "rows", "table part").Node("ReduceSum", "y", "rows axes", ("keepdims", 0)).Integers("axes", 1, 2, 3).Output("y", -1);
        sketch.Model.Graph.Initializer.First(tensor => tensor.Name == "to").Int64Data[0] = axis == 1 ? 4 : 1;
        using var model = Lifted(sketch);
        Assert.Empty(model.Lifted.Features);
    }

    [Fact]
    public void NewestOperatorSet_IsTheLastThatTheRuntimePromises()
    {
        Lifted(new OnnxSketch(OnnxFile.NewestOperatorSet).Input("x", DataType.Float, -1, 2).Layer("y", "x", 2, 1).Output("y", -1, 1)).Dispose();
        var next = new OnnxSketch(OnnxFile.NewestOperatorSet + 1).Input("x", DataType.Float, -1, 2).Layer("y", "x", 2, 1).Output("y", -1, 1);
        Assert.Throws<OnnxRuntimeException>(() => new InferenceSession(next.ToBytes()));
    }

    [Fact]
    public void Prove_HalfTable_IsWidened()
    {
        var sketch = new OnnxSketch().Ids("id", -1).HalfWeights("table", 10, 4).Node("Gather", "half", "table id").Node("Cast", "row", "half", ("to", DataType.Float))
            .Layer("y", "row", 4, 1).Output("y", -1, 1);
        using var model = Lifted(sketch);
        Assert.Equal("table", Assert.Single(model.Lifted.Tables).Name);
    }

    [Fact]
    public void Prove_FloatIds_AreLifted()
    {
        var sketch = new OnnxSketch().Input("id", DataType.Float, -1, 1).Weights("table", 10, 4).Node("Cast", "index", "id", ("to", DataType.Int32))
            .Node("Gather", "rows", "table index").Node("Flatten", "row", "rows").Layer("y", "row", 4, 1).Output("y", -1, 1);
        using var model = Lifted(sketch);
        Assert.Single(model.Lifted.Features);
    }

    [Fact]
    public void Prove_ShapeOfIds_FollowsTheBatch()
    {
        var sketch = new OnnxSketch().Ids("ids", -1, 3).Weights("table", 10, 4).Integers("zero", 0).Integers("rest", 12)
            .Node("Shape", "s", "ids").Node("Gather", "n", "s zero").Node("Concat", "target", "n rest", ("axis", 0))
            .Node("Gather", "rows", "table ids").Node("Reshape", "flat", "rows target").Layer("y", "flat", 12, 1).Output("y", -1, 1);
        using var model = Lifted(sketch);
        Assert.Single(model.Lifted.Features);
    }

    [Fact]
    public void Prove_IdsThatAlsoMask_ComeAsNumbers()
    {
        var sketch = new OnnxSketch().Ids("ids", -1, 3).Weights("table", 10, 4).Integers("none", 0).Integers("last", -1)
            .Node("Gather", "rows", "table ids").Node("Equal", "mask", "ids none").Node("Cast", "m", "mask", ("to", DataType.Float)).Node("Unsqueeze", "m1", "m last")
            .Node("Mul", "masked", "rows m1").Node("Flatten", "flat", "masked").Layer("y", "flat", 12, 1).Output("y", -1, 1);
        using var model = Lifted(sketch);
        Assert.Empty(model.Lifted.Features);
        Assert.Equal(10, Assert.Single(model.Lifted.DenseInputs).Rows);
    }

    [Theory]
    [InlineData(DataType.Float16)]
    [InlineData(DataType.Double)]
    [InlineData(DataType.Int32)]
    [InlineData(DataType.Int64)]
    public void Prove_NumbersOfOtherTypes_AreCast(DataType type)
    {
        var sketch = new OnnxSketch().Input("x", type, -1, 3).Node("Cast", "f", "x", ("to", DataType.Float)).Layer("y", "f", 3, 1).Output("y", -1, 1);
        using var model = Lifted(sketch);
        Assert.Equal((0, 3), (model.Lifted.PooledWidth, model.Lifted.DenseWidth));
    }

    [Fact]
    public void Prove_ValuesNamedAsRectunesOwn_AreRenamed()
    {
        var branch = new GraphProto { Name = "b", Node = { new NodeProto { OpType = "Relu", Input = { "pooled" }, Output = { "score" } } }, Output = { OnnxSketch.Value("score", DataType.Float, -1, 4) } };
        var other = branch.Clone();
        other.Node[0].OpType = "Neg";
        var sketch = new OnnxSketch().Ids("dense", -1).Weights("table", 10, 4).Node("Gather", "pooled", "table dense").Weights("level", 1).Floats("zero", [0], 1)
            .Node("Less", "isLow", "level zero").Node("If", "chosen", "isLow", ("then_branch", branch), ("else_branch", other)).Layer("score", "chosen", 4, 1).Output("score", -1, 1);
        using var model = Lifted(sketch);
        Assert.Equal(("dense", "score"), (model.Lifted.Features[0].Input, model.Lifted.Output));
    }

    [Fact]
    public void Prove_UndeclaredOutputShape_IsFoundByRunning()
    {
        var sketch = new OnnxSketch().Ids("id", -1).Weights("table", 10, 4).Node("Gather", "row", "table id").Layer("y", "row", 4, 3).Output("y");
        sketch.Model.Graph.Output[0].Type.TensorType.Shape = null;
        using var model = Lifted(sketch);
        Assert.Equal(3, model.Lifted.ScoreWidth);
    }

    [Fact]
    public void Prove_ChosenOutput_NeedsNothingForTheOthers()
    {
        var sketch = new OnnxSketch().Ids("id", -1).Ids("unused", -1, 2).Weights("table", 10, 4).Node("Gather", "row", "table id").Layer("y", "row", 4, 1).Output("y", -1, 1)
            .Node("Identity", "z", "unused");
        sketch.Model.Graph.Output.Add(OnnxSketch.Value("z", DataType.Int64, -1, 2));
        using var model = OnnxModelFile.Open(sketch.Write(folder), "y");
        Assert.InRange(LiftProver.Prove(model, 20, 5).MaxAbsError, 0, Tolerance);
        Assert.Empty(model.Lifted.DenseInputs);
    }

    [Fact]
    public void Prove_OriginalWithOtherWeights_ShowsTheError()
    {
        using var model = OnnxModelFile.Open(Row(-1).Output("y", -1, 1).Write(folder));
        var changed = Row(-1).Output("y", -1, 1);
        changed.Model.Graph.Initializer.First(tensor => tensor.Name == "table").FloatData[39] += 1000;
        changed.Write(folder);
        Assert.InRange(LiftProver.Prove(model, 20, 5).MaxAbsError, 0.01, 1e4);
    }

    [Fact]
    public void Prove_SamplesThatSeeEachOther_AreNotBatchable()
    {
        using var model = OnnxModelFile.Open(Row(-1, last: "h").Node("Softmax", "y", "h", ("axis", 0)).Output("y", -1, 1).Write(folder));
        var proof = LiftProver.Prove(model, 20, 5);
        Assert.InRange(proof.MaxAbsError, 0, Tolerance);
        Assert.Contains("scores of a batch of 3 differ", proof.BatchObstacle, StringComparison.Ordinal);
    }

    private static OnnxSketch Row(long batch, string last = "y") =>
        new OnnxSketch().Ids("id", batch).Weights("table", 10, 4).Node("Gather", "row", "table id").Layer(last, "row", 4, 1);

    private static OnnxSketch Chain(OnnxSketch sketch, string chain) => chain switch
    {
        "Identity" => sketch.Node("Identity", "index", "ids"),
        "Cast" => sketch.Node("Cast", "index", "ids", ("to", DataType.Int32)),
        "Cast through double" => sketch.Node("Cast", "double", "ids", ("to", DataType.Double)).Node("Cast", "index", "double", ("to", DataType.Int64)),
        "Cast through float" => sketch.Node("Cast", "narrow", "ids", ("to", DataType.Float)).Node("Cast", "index", "narrow", ("to", DataType.Int64)),
        "Reshape" => sketch.Integers("target", -1).Node("Reshape", "index", "ids target"),
        "Reshape copying the batch" => sketch.Integers("target", 0, 1, -1).Node("Reshape", "index", "ids target"),
        "Flatten" => sketch.Node("Flatten", "index", "ids", ("axis", 0)),
        "Squeeze" => Axes(sketch.Integers("target", -1, 1, 3).Node("Reshape", "column", "ids target"), "Squeeze", "column", 1),
        "Unsqueeze" => Axes(sketch, "Unsqueeze", "ids", 1, 3),
        "Unsqueeze before the batch" => Axes(sketch, "Unsqueeze", "ids", 0),
        _ => Constant(sketch).Node("Reshape", "index", "ids target"),
    };

    private static OnnxSketch Select(OnnxSketch sketch, string selection) => selection switch
    {
        "Split" => sketch.Node("Split", "a part b", "ids", ("axis", 1)),
        "Split in sizes" => sketch.Node("Split", "a part b", "ids", ("axis", -1), ("split", new long[] { 1, 1, 1 })),
        "Gather" => Scalar(sketch, "at", 1).Node("Gather", "part", "ids at", ("axis", 1)),
        "Gather keeping the axis" => sketch.Integers("at", 2).Node("Gather", "part", "ids at", ("axis", 1)),
        "Gather from the end" => Scalar(sketch, "at", -1).Node("Gather", "part", "ids at", ("axis", -1)),
        "Slice" => sketch.Integers("from", 1).Integers("to", 3).Integers("axis", -1).Node("Slice", "part", "ids from to axis"),
        "Slice by attributes" => sketch.Node("Slice", "part", "ids", ("starts", new long[] { -2 }), ("ends", new[] { long.MaxValue }), ("axes", new long[] { 1 })),
        _ => sketch.Integers("from", 0, 1).Integers("to", long.MaxValue, 3).Node("Slice", "part", "ids from to"),
    };

    private static OnnxSketch Scalar(OnnxSketch sketch, string name, long value) =>
        sketch.Stored(new TensorProto { Name = name, DataType = (int)DataType.Int64, Int64Data = { value } });

    private static OnnxSketch Axes(OnnxSketch sketch, string operatorType, string x, params long[] axes) =>
        sketch.Model.OpsetImport[0].Version < 13
            ? sketch.Node(operatorType, "index", x, ("axes", axes))
            : sketch.Integers("axes", axes).Node(operatorType, "index", x + " axes");

    /// <summary>A Reshape's target, and the table, in Constant nodes.</summary>
    private static OnnxSketch Constant(OnnxSketch sketch)
    {
        sketch.Model.Graph.Node.Add(new NodeProto
        {
            OpType = "Constant",
            Output = { "target" },
            Attribute = { new AttributeProto { Name = "value_ints", Type = AttributeProto.Types.AttributeType.Ints, Ints = { -1, 3 } } },
        });
        var table = sketch.Model.Graph.Initializer[0];
        sketch.Model.Graph.Initializer.RemoveAt(0);
        sketch.Model.Graph.Node.Add(new NodeProto
        {
            OpType = "Constant",
            Output = { "table" },
            Attribute = { new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = table } },
        });
        return sketch;
    }

    /// <summary>Opens the model and holds it to equal scores at any batch.</summary>
    private OnnxModelFile Lifted(OnnxSketch sketch)
    {
        var model = OnnxModelFile.Open(sketch.Write(folder));
        var proof = LiftProver.Prove(model, 20, 5);
        Assert.InRange(proof.MaxAbsError, 0, Tolerance);
        Assert.Null(proof.BatchObstacle);
        return model;
    }
}
