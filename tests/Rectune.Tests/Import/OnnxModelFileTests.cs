using System.Runtime.InteropServices;
using Rectune.Core.Domain;
using Rectune.Core.Onnx.Protobuf;
using Rectune.Engine.Import;
using Rectune.Tests.Fakes;
using Xunit;
using DataType = Rectune.Core.Onnx.Protobuf.TensorProto.Types.DataType;

namespace Rectune.Tests.Import;

public sealed class OnnxModelFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rectune-file").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("table")]
    [InlineData("y.w")]
    [InlineData("table", "y.w")]
    public void Open_ExternalData_GivesTheSameScores(params string[] outside)
    {
        using var model = OnnxModelFile.Open(Write(Sketch(), outside));
        Assert.InRange(LiftProver.Prove(model, 20, 5).MaxAbsError, 0, 1e-6);
        Assert.Equal("table", Assert.Single(model.Lifted.Tables).Name);
    }

    [Fact]
    public void ReadRows_RawTypedHalfAndExternal_AreTheSameRows()
    {
        float[] values = [.. Enumerable.Range(0, 40).Select(i => i / 4f)];
        var inside = Rows(Sketch(new TensorProto { Name = "table", DataType = (int)DataType.Float, Dims = { 10, 4 }, FloatData = { values } }));
        var raw = Rows(Sketch(Raw(DataType.Float, MemoryMarshal.AsBytes(values.AsSpan()))));
        var halves = Array.ConvertAll(values, value => (Half)value);
        var half = Rows(Sketch(Raw(DataType.Float16, MemoryMarshal.AsBytes(halves.AsSpan()))));
        var bits = Rows(Sketch(new TensorProto
        {
            Name = "table",
            DataType = (int)DataType.Float16,
            Dims = { 10, 4 },
            Int32Data = { halves.Select(value => (int)BitConverter.HalfToUInt16Bits(value)) },
        }));
        var external = Rows(Sketch(Raw(DataType.Float, MemoryMarshal.AsBytes(values.AsSpan()))), "table");
        var externalHalf = Rows(Sketch(Raw(DataType.Float16, MemoryMarshal.AsBytes(halves.AsSpan()))), "table");
        foreach (var found in new[] { inside, raw, half, bits, external, externalHalf })
        {
            Assert.Equal(values[12..32], found);
        }
    }

    [Fact]
    public void ReadRows_BeyondTheTable_IsRefused()
    {
        using var model = OnnxModelFile.Open(Write(Sketch()));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.ReadRows(0, 9, new float[8]));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.ReadRows(0, -1, new float[4]));
    }

    [Fact]
    public void ReadRows_SteadyState_AllocatesNothing()
    {
        using var model = OnnxModelFile.Open(Write(Sketch(), "table"));
        var row = new float[4];
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                model.ReadRows(0, i % 10, row);
            }
        }));
    }

    [Fact]
    public void Open_NoSuchFile_SaysSo() =>
        Assert.Contains("none.onnx", Assert.Throws<MissingResourceException>(() => OnnxModelFile.Open(Path.Combine(folder, "none.onnx"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("table")]
    [InlineData("y.w")]
    public void Open_MissingDataFile_NamesItAndTheTensor(string outside)
    {
        var path = Write(Sketch(), outside);
        File.Delete(Path.Combine(folder, "weights.bin"));
        var missing = Assert.Throws<MissingResourceException>(() => OnnxModelFile.Open(path));
        Assert.Contains("weights.bin", missing.Message, StringComparison.Ordinal);
        Assert.Contains($"'{outside}'", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DataFileTooShort_SaysBothNumbers()
    {
        var path = Write(Sketch(), "table");
        using (var file = File.OpenWrite(Path.Combine(folder, "weights.bin")))
        {
            file.SetLength(100);
        }

        Assert.Contains("at bytes 16 to 176 of 'weights.bin', expected it within the file's 100 bytes", Problem(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("offset", "9223372036854775800", "within the file's 176 bytes")]
    [InlineData("offset", "-4", "found offset '-4'")]
    [InlineData("length", "12", "found 12 bytes for tensor 'table' in 'weights.bin', expected 160")]
    [InlineData("location", "../weights.bin", "inside the model's own folder")]
    [InlineData("location", "/etc/hostname", "inside the model's own folder")]
    [InlineData("location", "", "without a usable place")]
    public void Open_ImpossiblePlace_IsRefused(string key, string value, string expected)
    {
        var sketch = Sketch();
        var path = Write(sketch, "table");
        var tensor = sketch.Model.Graph.Initializer.First(initializer => initializer.Name == "table");
        tensor.ExternalData.First(entry => entry.Key == key).Value = value;
        sketch.Write(folder);
        Assert.Contains(expected, Problem(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_MoreDenseWeightsThanAFileHolds_SaysBothNumbers()
    {
        var weights = new TensorProto { Name = "w", DataType = (int)DataType.Float, Dims = { 30_000, 20_000 }, DataLocation = TensorProto.Types.DataLocation.External };
        weights.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "never-read.bin" });
        var path = new OnnxSketch().Input("x", DataType.Float, -1, 30_000).Stored(weights).Node("MatMul", "y", "x w").Output("y", -1, 20_000).Write(folder);
        Assert.Matches("found 24000[0-9]{5} bytes of weights .*, expected at most 2130706431", Problem(path));
    }

    [Fact]
    public void Prove_OriginalThatOnnxRuntimeRefuses_CarriesItsWords()
    {
        var path = Write(Sketch());
        using var model = OnnxModelFile.Open(path);
        Sketch().Node("NoSuchOperator", "z", "y").Output("z", -1, 1).Write(folder);
        var refused = Assert.Throws<InvalidInputException>(() => LiftProver.Prove(model, 2, 5));
        Assert.Contains("NoSuchOperator", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sha256_ChangedDataFile_Changes()
    {
        var path = Write(Sketch(), "table");
        using var model = OnnxModelFile.Open(path);
        var before = model.Sha256();
        Assert.Equal(before, model.Sha256());
        var data = Path.Combine(folder, "weights.bin");
        var bytes = File.ReadAllBytes(data);
        bytes[^1] ^= 1;
        File.WriteAllBytes(data, bytes);
        Assert.NotEqual(before, model.Sha256());
    }

    private static OnnxSketch Sketch(TensorProto? table = null)
    {
        var sketch = new OnnxSketch().Ids("ids", -1, 2).Integers("wide", -1, 8);
        sketch = table is null ? sketch.Weights("table", 10, 4) : sketch.Stored(table);
        sketch.Node("Gather", "rows", "table ids");
        var rows = table?.DataType == (int)DataType.Float16 ? "widened" : "rows";
        sketch = rows == "rows" ? sketch : sketch.Node("Cast", rows, "rows", ("to", DataType.Float));
        return sketch.Node("Reshape", "flat", rows + " wide").Layer("y", "flat", 8, 1).Output("y", -1, 1);
    }

    private static TensorProto Raw(DataType type, ReadOnlySpan<byte> bytes) =>
        new() { Name = "table", DataType = (int)type, Dims = { 10, 4 }, RawData = Google.Protobuf.ByteString.CopyFrom(bytes) };

    private static string Problem(string path) => Assert.Throws<InvalidInputException>(() => OnnxModelFile.Open(path)).Message;

    /// <summary>Rows 3 to 7.</summary>
    private float[] Rows(OnnxSketch sketch, params string[] outside)
    {
        using var model = OnnxModelFile.Open(Write(sketch, outside));
        var rows = new float[20];
        model.ReadRows(0, 3, rows);
        return rows;
    }

    /// <summary>Writes the model with some tensors in a file beside it, each 16 bytes after the one before.</summary>
    private string Write(OnnxSketch sketch, params string[] outside)
    {
        using var data = new MemoryStream();
        foreach (var tensor in sketch.Model.Graph.Initializer.Where(tensor => outside.Contains(tensor.Name)))
        {
            data.Write(new byte[16]);
            byte[] bytes = tensor.RawData.Length > 0 ? tensor.RawData.ToByteArray()
                : MemoryMarshal.AsBytes<float>(tensor.FloatData.ToArray()).ToArray();
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "weights.bin" });
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = $"{data.Length}" });
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = $"{bytes.Length}" });
            tensor.RawData = Google.Protobuf.ByteString.Empty;
            tensor.FloatData.Clear();
            data.Write(bytes);
        }

        File.WriteAllBytes(Path.Combine(folder, "weights.bin"), data.ToArray());
        return sketch.Write(folder);
    }
}
