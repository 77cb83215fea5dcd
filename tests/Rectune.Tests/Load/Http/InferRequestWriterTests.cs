using System.Text;
using Rectune.Core.Domain;
using Rectune.Engine.Load.Http;
using Rectune.Engine.Serving.Protocol;
using Rectune.Tests.Serving;
using Xunit;

namespace Rectune.Tests.Load.Http;

/// <summary>What is written is read back by the server's own reader.</summary>
public sealed class InferRequestWriterTests
{
    private const int Candidates = 20;

    private static readonly InputLayout Layout = new(SmallRequests.Card, SmallRequests.MaxSamples);
    private static readonly ServedModel Model = ServedModel.Read(MetadataDocuments.Model("small", "1", Layout), "small", "metadata");

    private static readonly FeatureBatch Pool = new(
        Candidates,
        [.. Enumerable.Range(0, Candidates * 3).Select(i => (i / 8f) + 0.125f)],
        [Column(10, 1), Column(1000, 1), Column(50, 4)]);

    [Theory]
    [InlineData(TensorEncoding.Binary)]
    [InlineData(TensorEncoding.Json)]
    public void Write_Candidates_AreReadBackByTheServer(TensorEncoding encoding)
    {
        var request = Read(CandidateValues.Of(SmallRequests.Card, Pool, Model), start: 5, samples: 3, encoding);
        Assert.Equal(3, request.Batch.Samples);
        Assert.Equal(Pool.Dense[15..24], request.Batch.Dense[..9]);
        Assert.Equal(Pool.Columns[0].Ids[5..8], request.Batch.Columns[0].Ids[..3]);
        Assert.Equal(Pool.Columns[1].Ids[5..8], request.Batch.Columns[1].Ids[..3]);
        Assert.Equal(Pool.Columns[2].Ids[20..32], request.Batch.Columns[2].Ids[..12]);
        Assert.Equal(encoding == TensorEncoding.Binary ? ScoreEncoding.Binary : ScoreEncoding.Json, request.Encoding);
    }

    [Theory]
    [InlineData(TensorEncoding.Binary)]
    [InlineData(TensorEncoding.Json)]
    public void Write_UniformValues_AreReadBackWithinTheirBounds(TensorEncoding encoding)
    {
        var request = Read(new UniformValues(Model, idBound: 7, seed: 5), start: 0, samples: 8, encoding);
        Assert.All(request.Batch.Dense[..24], value => Assert.InRange(value, 0, 1));
        Assert.All(request.Batch.Columns, column => Assert.All(column.Ids[..8], id => Assert.InRange(id, 0, 6)));
        Assert.True(request.Batch.Columns[2].Ids[..32].Distinct().Count() > 3);
    }

    [Fact]
    public void Write_SameStart_IsTheSameSamplesInWhateverQuery()
    {
        var values = new UniformValues(Model, idBound: 10, seed: 5);
        var longer = Read(values, start: 3, samples: 4, TensorEncoding.Binary).Batch.Columns[2].Ids[..16];
        Assert.Equal(longer[8..], Read(values, start: 5, samples: 2, TensorEncoding.Binary).Batch.Columns[2].Ids[..8]);
    }

    [Theory]
    [InlineData(TensorEncoding.Binary)]
    [InlineData(TensorEncoding.Json)]
    public void Write_QualityMin_IsReadBack(TensorEncoding encoding)
    {
        var values = new UniformValues(Model, idBound: 10, seed: 5);
        var (body, jsonBytes) = InferRequestWriter.Write(Model, values, start: 0, samples: 2, encoding, qualityMin: 0.789);
        Assert.Equal(0.789, Reader(body, jsonBytes).QualityMin);
        Assert.Null(Read(values, start: 0, samples: 2, encoding).QualityMin);
    }

    [Theory]
    [InlineData("FP64", "INT32")]
    [InlineData("FP32", "UINT64")]
    [InlineData("FP64", "UINT32")]
    public void Write_OtherDatatypes_AreReadBack(string real, string whole)
    {
        var metadata = Encoding.UTF8.GetString(MetadataDocuments.Model("small", "1", Layout)).Replace("FP32", real, StringComparison.Ordinal).Replace("INT64", whole, StringComparison.Ordinal);
        var model = ServedModel.Read(Encoding.UTF8.GetBytes(metadata), "small", "metadata");
        var values = CandidateValues.Of(SmallRequests.Card, Pool, model);
        foreach (var encoding in Enum.GetValues<TensorEncoding>())
        {
            var (body, jsonBytes) = InferRequestWriter.Write(model, values, 0, 2, encoding);
            var request = Reader(body, jsonBytes);
            Assert.Equal(Pool.Columns[1].Ids[..2], request.Batch.Columns[1].Ids[..2]);
            Assert.Equal(Pool.Dense[..6], request.Batch.Dense[..6]);
        }
    }

    [Theory]
    [InlineData(ElementKind.Bool, 1, "01")]
    [InlineData(ElementKind.Uint8, 200, "C8")]
    [InlineData(ElementKind.Int16, 258, "0201")]
    [InlineData(ElementKind.Uint32, 4_294_967_295d, "FFFFFFFF")]
    [InlineData(ElementKind.Int64, 1, "0100000000000000")]
    [InlineData(ElementKind.Fp16, 1.5, "003E")]
    [InlineData(ElementKind.Bf16, 1.5, "C03F")]
    [InlineData(ElementKind.Fp32, 1.5, "0000C03F")]
    [InlineData(ElementKind.Fp64, 1.5, "000000000000F83F")]
    public void ElementKind_Write_IsLittleEndian(ElementKind kind, double value, string expected)
    {
        var bytes = new byte[ElementKinds.Bytes(kind)];
        ElementKinds.Write(kind, bytes, value);
        Assert.Equal(expected, Convert.ToHexString(bytes));
        Assert.True(ElementKinds.TryParse(ElementKinds.Text(kind), out var parsed) && parsed == kind);
    }

    [Fact]
    public void CandidateValues_AnotherModel_TellsEveryDifference()
    {
        var other = SmallRequests.Card with { DenseFeatures = 4, Sparse = [SmallRequests.Card.Sparse[0], SmallRequests.Card.Sparse[1] with { Name = "D" }, SmallRequests.Card.Sparse[2]] };
        var problems = Assert.Throws<InvalidInputException>(() => CandidateValues.Of(other, Pool, Model)).Problems;
        Assert.Equal(3, problems.Count);
        Assert.Contains(problems, problem => problem.What.Contains("'dense' as FP32 with 3 values a sample, the card small has 4 reals", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.What.Contains("takes 'B', which the card small does not have", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.What.Contains("has 'D' [batch,1]", StringComparison.Ordinal));
    }

    private static SparseColumn Column(int rows, int lookups) => new([.. Enumerable.Range(0, Candidates * lookups).Select(i => i * 7 % rows)], null);

    private static InferRequest Read(IQueryValues values, int start, int samples, TensorEncoding encoding)
    {
        var (body, jsonBytes) = InferRequestWriter.Write(Model, values, start, samples, encoding);
        Assert.Equal(encoding == TensorEncoding.Json, jsonBytes is null);
        return Reader(body, jsonBytes);
    }

    private static InferRequest Reader(byte[] body, int? jsonBytes)
    {
        var request = new InferRequest(Layout);
        request.Body.Append(body);
        Assert.True(request.Read(jsonBytes), request.Problems.ToString());
        return request;
    }
}
