using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Rectune.Cli;
using Rectune.Core.Domain;
using Rectune.Core.Workloads;
using Rectune.Engine.Data;
using Rectune.Engine.Serving.Protocol;
using Rectune.Engine.Sessions;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class OpenedModelTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rectune-opened").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Two tables read by one input, a bag, a sequence and a dense input: what runs here gives what ONNX Runtime makes of the file.</summary>
    [Theory]
    [InlineData(TablePrecision.Fp32, 1e-6)]
    [InlineData(TablePrecision.Int8, 0.1)]
    public void Open_ModelFile_RunsAsTheFileDoes(TablePrecision precision, double tolerance)
    {
        using var opened = OpenedModel.Open(new ModelChoice { Name = Write(Sketch(-1)) }, seed: 3);
        var card = opened.Model.Card;
        Assert.Equal(["user", "user.other", "words", "history"], card.Sparse.Select(f => f.Name));
        Assert.Equal([null, "user", null, null], card.Sparse.Select(f => f.Ids));
        Assert.InRange(card.Graph!.MaxAbsError, 0, 1e-6);
        Assert.Equal(0, card.Graph.BatchStep);
        var pool = CandidatePool.Synthetic(card, SkewText.Of(0, Provenance.Assumed), 1, threads: 1, samples: 40).Features;
        var found = Scores(opened, precision, pool, batch: 40);
        var expected = Original(card, pool);
        Assert.All(found.Zip(expected), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, tolerance));
        Assert.Contains(found, score => Math.Abs(score - found[0]) > 0.1);
    }

    [Fact]
    public void Open_FileWhoseBatchIsBakedIn_RunsInStepsOfThatBatch()
    {
        var sketch = new OnnxSketch().Ids("id", 1).Weights("table", 10, 4).Node("Gather", "row", "table id").Integers("all", 4)
            .Node("Reshape", "flat", "row all").Weights("w", 4, 1).Node("MatMul", "product", "flat w").Integers("out", 1, 1).Node("Reshape", "y", "product out").Output("y", 1, 1);
        using var opened = OpenedModel.Open(new ModelChoice { Name = Write(sketch) }, seed: 3);
        Assert.Equal(1, opened.Model.Card.Graph!.BatchStep);
        var pool = CandidatePool.Synthetic(opened.Model.Card, SkewText.Of(0, Provenance.Assumed), 1, threads: 1, samples: 7).Features;
        Assert.Equal(Enumerable.Range(0, 7).SelectMany(i => Scores(opened, TablePrecision.Fp32, pool, batch: 1, start: i)), Scores(opened, TablePrecision.Fp32, pool, batch: 7));
    }

    [Fact]
    public void Open_FileWithoutAnyLookup_IsAModelOfDenseFeatures()
    {
        using var opened = OpenedModel.Open(new ModelChoice { Name = Write(new OnnxSketch().Input("x", Core.Onnx.Protobuf.TensorProto.Types.DataType.Float, -1, 3).Layer("y", "x", 3, 1).Output("y", -1, 1)) }, 3);
        Assert.Empty(opened.Model.Card.Sparse);
        var pool = CandidatePool.Synthetic(opened.Model.Card, SkewText.Of(0, Provenance.Assumed), 1, threads: 1, samples: 5).Features;
        Assert.Equal(5, Scores(opened, TablePrecision.Fp32, pool, batch: 5).Length);
    }

    [Fact]
    public void Reopen_FileChangedSincePlanning_IsRefused()
    {
        var path = Write(Sketch(-1));
        PlanModel planned;
        using (var opened = OpenedModel.Open(new ModelChoice { Name = path }, 3))
        {
            planned = opened.Model;
        }

        using (OpenedModel.Reopen(planned))
        {
            // The plan's own file opens.
        }

        File.AppendAllBytes(path, new OnnxSketch().Model.ToByteArray());
        var refused = Assert.Throws<InvalidInputException>(() => OpenedModel.Reopen(planned));
        Assert.Contains("the plan was made with", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_SizesOfAModelFile_AreRefused() => Assert.Contains(
        "is a model file", Assert.Throws<InvalidInputException>(() => OpenedModel.Open(new ModelChoice { Name = Write(Sketch(-1)), Heads = 2 }, 3)).Message, StringComparison.Ordinal);

    /// <summary>Features that read the same ids have one tensor in requests, with the bound of the smaller table.</summary>
    [Fact]
    public void InputLayout_SharedIds_AreAskedForOnce()
    {
        using var opened = OpenedModel.Open(new ModelChoice { Name = Write(Sketch(-1)) }, 3);
        var layout = new InputLayout(opened.Model.Card, 8);
        Assert.Equal(["dense", "user", "words", "history", "user.offsets", "words.offsets", "history.offsets"], layout.Slots.Select(slot => slot.Name));
        Assert.Equal(6, layout.Slots[1].Limit);
    }

    private static float[] Scores(OpenedModel opened, TablePrecision precision, FeatureBatch pool, int batch, int start = 0)
    {
        using var tables = new TableStore(opened.Values, threads: 1);
        using var instance = new PathInstance(opened.Graphs, TinyModel.Open(opened.Graphs, tables, precision), TinyModel.Configuration(precision), batch);
        instance.Begin();
        instance.Add(pool, start, batch);
        instance.Pool();
        instance.Score();
        return instance.Scores.ToArray();
    }

    private static float[] Original(ModelCard card, FeatureBatch pool)
    {
        using var session = new InferenceSession(card.Graph!.File);
        long[] Ids(int feature) => Array.ConvertAll(pool.Columns[feature].Ids, id => (long)id);
        using var user = OrtValue.CreateTensorValueFromMemory(Ids(0), [pool.Samples]);
        using var words = OrtValue.CreateTensorValueFromMemory(Ids(2), [pool.Samples, 3]);
        using var history = OrtValue.CreateTensorValueFromMemory(Ids(3), [pool.Samples, 2]);
        using var age = OrtValue.CreateTensorValueFromMemory(pool.Dense, [pool.Samples, 1]);
        using var options = new RunOptions();
        using var results = session.Run(options, ["user", "words", "history", "age"], [user, words, history, age], ["y"]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static OnnxSketch Sketch(long batch) => new OnnxSketch()
        .Ids("user", batch).Ids("words", batch, 3).Ids("history", batch, 2).Input("age", Core.Onnx.Protobuf.TensorProto.Types.DataType.Float, batch, 1)
        .Weights("users", 9, 4).Weights("other", 6, 2).Weights("vocabulary", 20, 5).Weights("items", 12, 3).Integers("bag", 1).Integers("flat", -1, 6)
        .Node("Gather", "u", "users user").Node("Gather", "o", "other user")
        .Node("Gather", "w", "vocabulary words").Node("ReduceSum", "sum", "w bag", ("keepdims", 0))
        .Node("Gather", "h", "items history").Node("Reshape", "steps", "h flat")
        .Node("Concat", "all", "u o sum steps age", ("axis", 1)).Layer("y", "all", 18, 1).Output("y", batch, 1);

    private string Write(OnnxSketch sketch)
    {
        var path = Path.Combine(folder, "my.onnx");
        File.WriteAllBytes(path, sketch.Model.ToByteArray());
        return path;
    }
}
