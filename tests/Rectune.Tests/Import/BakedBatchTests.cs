using Rectune.Engine.Import;
using Rectune.Tests.Fakes;
using Xunit;
using DataType = Rectune.Core.Onnx.Protobuf.TensorProto.Types.DataType;

namespace Rectune.Tests.Import;

/// <summary>Models exported for one batch: they keep their scores, and other batches work where nothing in the graph forbids them.</summary>
public sealed class BakedBatchTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rectune-baked").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(7, "Reshape", 1, 12)]
    [InlineData(17, "Reshape", 1, 12)]
    [InlineData(17, "Reshape", 1, -1)]
    [InlineData(17, "Reshape", -1, 12)]
    [InlineData(17, "Reshape", 1, 0, 1, 4)]
    public void Prove_BatchOfOneInReshape_IsFreed(int operatorSet, string chain, params int[] target) =>
        Batchable(operatorSet, 1, sketch => sketch.Integers("target", Array.ConvertAll(target, extent => (long)extent)).Node(chain, "shaped", "rows target"));

    [Theory]
    [InlineData(7, 0)]
    [InlineData(17, 0)]
    [InlineData(17, -3)]
    [InlineData(17, 1)]
    public void Prove_FlattenFromTheFirstAxis_IsFreed(int operatorSet, int axis) =>
        Batchable(operatorSet, 1, sketch => sketch.Node("Flatten", "shaped", "rows", ("axis", axis)));

    [Fact]
    public void Prove_BatchOfFourInReshape_IsFreed() =>
        Batchable(17, 4, sketch => sketch.Integers("target", 4, 12).Node("Reshape", "shaped", "rows target"));

    [Fact]
    public void Prove_BakedIndices_AreFollowed() =>
        Batchable(17, 1, sketch => sketch.Integers("target", 1, 12).Node("Reshape", "shaped", "rows target"), sketch => sketch.Integers("column", 3, 1).Node("Reshape", "index", "ids column"));

    [Fact]
    public void Prove_BakedTargetOfANumber_IsFreed()
    {
        var sketch = new OnnxSketch().Input("x", DataType.Float, 1, 2, 3).Integers("target", 1, 6).Node("Reshape", "flat", "x target").Layer("y", "flat", 6, 1).Output("y", 1, 1);
        using var model = OnnxModelFile.Open(sketch.Write(folder));
        Assert.Equal(1, model.Lifted.ExportedBatch);
        Assert.True(LiftProver.Prove(model, 20, 5).IsBatchable);
    }

    [Fact]
    public void Prove_BatchSqueezedAway_RunsAtTheExportedBatchOnly()
    {
        var sketch = new OnnxSketch().Ids("ids", 1, 3).Weights("table", 10, 4).Integers("first", 0).Integers("wide", 1, 12).Node("Gather", "rows", "table ids")
            .Node("Squeeze", "matrix", "rows first").Node("Transpose", "turned", "matrix").Node("Reshape", "flat", "turned wide").Layer("y", "flat", 12, 1).Output("y", 1, 1);
        using var model = OnnxModelFile.Open(sketch.Write(folder));
        var proof = LiftProver.Prove(model, 20, 5);
        Assert.InRange(proof.MaxAbsError, 0, 1e-6);
        Assert.False(proof.IsBatchable);
        Assert.Contains("a batch of 3 does not run", proof.BatchObstacle, StringComparison.Ordinal);
    }

    [Fact]
    public void Prove_OutputWithoutABatch_IsOneRow()
    {
        var sketch = new OnnxSketch().Ids("ids", 1, 3).Weights("table", 10, 4).Integers("all", -1).Node("Gather", "rows", "table ids").Node("Reshape", "y", "rows all").Output("y", 12);
        using var model = OnnxModelFile.Open(sketch.Write(folder));
        Assert.Equal(12, model.Lifted.ScoreWidth);
        Assert.InRange(LiftProver.Prove(model, 20, 5).MaxAbsError, 0, 1e-6);
    }

    private void Batchable(int operatorSet, int batch, Func<OnnxSketch, OnnxSketch> shaping, Func<OnnxSketch, OnnxSketch>? indexing = null)
    {
        var sketch = new OnnxSketch(operatorSet).Ids("ids", batch, 3).Weights("table", 10, 4);
        sketch = indexing is null ? sketch.Node("Identity", "index", "ids") : indexing(sketch);
        sketch = shaping(sketch.Node("Gather", "rows", "table index")).Node("Flatten", "flat", "shaped").Layer("y", "flat", 12, 1).Output("y", batch, 1);
        using var model = OnnxModelFile.Open(sketch.Write(folder));
        Assert.Equal(batch, model.Lifted.ExportedBatch);
        Assert.Single(model.Lifted.Features);
        var proof = LiftProver.Prove(model, 20, 5);
        Assert.InRange(proof.MaxAbsError, 0, 1e-6);
        Assert.Null(proof.BatchObstacle);
    }
}
