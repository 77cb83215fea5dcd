using System.Text;
using Rectune.Engine.Serving.Protocol;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving.Protocol;

public sealed class InferRequestTests
{
    private readonly InferRequest request = new(new InputLayout(SmallRequests.Card, SmallRequests.MaxSamples));

    [Fact]
    public void Read_NestedAndFlatJson_FillsTheBatch()
    {
        Assert.True(Read(SmallRequests.Valid), request.Problems.ToString());

        Assert.Equal(2, request.Batch.Samples);
        Assert.Equal([1, 2, 3, 4, 5, 6], request.Batch.Dense[..6]);
        Assert.Equal([7, 8], Bags(0));
        Assert.Equal([100, 200], Bags(1));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], Bags(2));
        Assert.Equal([0, 4, 8], request.Batch.Columns[2].Offsets![..3]);
        Assert.Equal("\"q1\"", Encoding.UTF8.GetString(request.Id));
        Assert.Equal(ScoreEncoding.Json, request.Encoding);
        AssertValidScores();
    }

    [Fact]
    public void Read_DataBeforeItsHeader_FillsTheBatch()
    {
        var json = SmallRequests.With(
            """{"data":[[1,2,3],[4,5,6]],"datatype":"FP32","shape":[2,3],"name":"dense"}""",
            """{"data":[7,8],"shape":[2,1],"name":"A","datatype":"INT64","unknown":{"a":[1]}}""",
            SmallRequests.B,
            SmallRequests.C);

        Assert.True(Read(json), request.Problems.ToString());
        AssertValidScores();
    }

    [Fact]
    public void Read_Fp64AndSmallerIntegers_FillsTheBatch()
    {
        var json = SmallRequests.Valid.Replace("FP32", "FP64", StringComparison.Ordinal).Replace("INT64", "UINT32", StringComparison.Ordinal);

        Assert.True(Read(json), request.Problems.ToString());
        AssertValidScores();
    }

    [Fact]
    public void Read_Binary_FillsTheBatch()
    {
        var (body, jsonBytes) = SmallRequests.ValidBinary();

        Assert.True(Read(body, jsonBytes), request.Problems.ToString());
        AssertValidScores();
    }

    [Fact]
    public void Read_BinaryFp64AndUint64_FillsTheBatch()
    {
        var json = Encoding.UTF8.GetBytes(SmallRequests.With(
            """{"name":"dense","shape":[1,3],"datatype":"FP64","parameters":{"binary_data_size":24}}""",
            """{"name":"A","shape":[1,1],"datatype":"UINT64","parameters":{"binary_data_size":8}}""",
            """{"name":"B","shape":[1,1],"datatype":"UINT32","parameters":{"binary_data_size":4}}""",
            """{"name":"C","shape":[1,4],"datatype":"INT64","data":[1,2,3,4]}"""));
        byte[] body =
        [
            .. json, .. BitConverter.GetBytes(0.5), .. BitConverter.GetBytes(-2.0), .. BitConverter.GetBytes(1.5), .. SmallRequests.Longs(9), .. SmallRequests.Ints(3),
        ];

        Assert.True(Read(body, json.Length), request.Problems.ToString());
        Assert.Equal(0f + 9 + (2 * 3) + (3 * 10), FormulaTarget.Score(request.Batch, 0));
    }

    [Fact]
    public void Read_RawTensorsBetweenJsonOnes_AreTakenInTheirOrder()
    {
        var json = Encoding.UTF8.GetBytes(SmallRequests.With(
            """{"name":"C","shape":[2,4],"datatype":"INT32","parameters":{"binary_data_size":32}}""",
            SmallRequests.Dense,
            """{"name":"B","shape":[2,1],"datatype":"INT64","parameters":{"binary_data_size":16}}""",
            SmallRequests.A));
        byte[] body = [.. json, .. SmallRequests.Ints(1, 2, 3, 4, 5, 6, 7, 8), .. SmallRequests.Longs(100, 200)];

        Assert.True(Read(body, json.Length), request.Problems.ToString());
        AssertValidScores();
    }

    [Fact]
    public void Read_RaggedFeature_KeepsItsBags()
    {
        var json = SmallRequests.With(
            SmallRequests.Dense, SmallRequests.A, SmallRequests.B,
            """{"name":"C.offsets","shape":[3],"datatype":"INT32","data":[0,0,3]}""",
            """{"name":"C","shape":[3],"datatype":"INT64","data":[40,41,42]}""");

        Assert.True(Read(json), request.Problems.ToString());
        Assert.Equal([0, 0, 3], request.Batch.Columns[2].Offsets![..3]);
        Assert.Equal([40, 41, 42], request.Batch.Columns[2].Ids[..3]);
    }

    [Fact]
    public void Read_EmptyBags_AreAllowed()
    {
        var json = SmallRequests.With(
            SmallRequests.Dense, SmallRequests.A, SmallRequests.B,
            """{"name":"C","shape":[0],"datatype":"INT64","data":[]}""",
            """{"name":"C.offsets","shape":[3],"datatype":"INT64","data":[0,0,0]}""");

        Assert.True(Read(json), request.Problems.ToString());
        Assert.Equal(6f + 7 + 200, FormulaTarget.Score(request.Batch, 0));
    }

    [Theory]
    [InlineData(""", "outputs":[{"name":"score"}]""", ScoreEncoding.Json)]
    [InlineData(""", "outputs":[{"name":"score","parameters":{"binary_data":true}}]""", ScoreEncoding.Binary)]
    [InlineData(""", "parameters":{"binary_data_output":true}""", ScoreEncoding.Binary)]
    [InlineData(""", "outputs":[{"parameters":{"binary_data":false},"name":"score"}], "parameters":{"other":[1],"binary_data_output":true}""", ScoreEncoding.Json)]
    public void Read_OutputsAndParameters_ChooseTheEncoding(string rest, ScoreEncoding expected)
    {
        var (body, jsonBytes) = SmallRequests.ValidBinary(rest);

        Assert.True(Read(body, jsonBytes), request.Problems.ToString());
        Assert.Equal(expected, request.Encoding);
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("20000", 20_000)]
    [InlineData("3600000000", 3_600_000_000)]
    public void Read_Timeout_IsTakenOnceAndNotKept(string written, long expected)
    {
        Assert.True(Read(SmallRequests.Valid.Replace("\"id\"", $"\"parameters\":{{\"priority\":1,\"timeout\":{written}}},\"id\"", StringComparison.Ordinal)), request.Problems.ToString());
        Assert.Equal(expected, request.TimeoutUs);

        Assert.True(Read(SmallRequests.Valid), request.Problems.ToString());
        Assert.Equal(0, request.TimeoutUs);
    }

    [Theory]
    [InlineData("0.789", 0.789)]
    [InlineData("7.89e-1", 0.789)]
    [InlineData("0", 0)]
    [InlineData("-1", -1)]
    public void Read_QualityMin_IsTakenOnceAndNotKept(string written, double expected)
    {
        Assert.True(Read(SmallRequests.Valid.Replace("\"id\"", $"\"parameters\":{{\"priority\":1,\"quality_min\":{written}}},\"id\"", StringComparison.Ordinal)), request.Problems.ToString());
        Assert.Equal(expected, request.QualityMin);

        Assert.True(Read(SmallRequests.Valid), request.Problems.ToString());
        Assert.Null(request.QualityMin);
    }

    [Fact]
    public void Read_AfterLargerAndBadRequests_HoldsNothingOfThem()
    {
        Assert.True(Read(Uniform(SmallRequests.MaxSamples, id: 9)), request.Problems.ToString());
        Assert.False(Read(SmallRequests.Valid.Replace("[[7],[8]]", "[[7],[99]]", StringComparison.Ordinal)));
        Assert.True(Read(SmallRequests.Valid), request.Problems.ToString());
        AssertValidScores();

        Assert.True(Read(Uniform(1, id: 3)), request.Problems.ToString());
        Assert.Equal(1, request.Batch.Samples);
        Assert.Equal(3f + (2 * 3) + (3 * 12), FormulaTarget.Score(request.Batch, 0));
        Assert.True(request.Id.IsEmpty);
    }

    [Fact]
    public void Read_TheSameBinaryRequestAgain_AllocatesNothing() => AssertAllocatesNothing(SmallRequests.ValidBinary(
        """, "id":"a","outputs":[{"name":"score","parameters":{"binary_data":true}}],"parameters":{"binary_data_output":true,"timeout":20000,"quality_min":0.789}"""));

    [Fact]
    public void Read_TheSameJsonRequestAgain_AllocatesNothing() => AssertAllocatesNothing((Encoding.UTF8.GetBytes(SmallRequests.Valid), null));

    private static string Uniform(int samples, int id)
    {
        var ones = string.Join(',', Enumerable.Repeat(id, samples));
        return SmallRequests.With(
            $$"""{"name":"dense","shape":[{{samples}},3],"datatype":"FP32","data":[{{string.Join(',', Enumerable.Repeat(0, samples * 3))}}]}""",
            $$"""{"name":"A","shape":[{{samples}},1],"datatype":"INT64","data":[{{ones}}]}""",
            $$"""{"name":"B","shape":[{{samples}},1],"datatype":"INT64","data":[{{ones}}]}""",
            $$"""{"name":"C","shape":[{{samples}},4],"datatype":"INT64","data":[{{ones}},{{ones}},{{ones}},{{ones}}]}""");
    }

    private void AssertAllocatesNothing((byte[] Body, int? JsonBytes) input)
    {
        for (var i = 0; i < 200; i++)
        {
            Assert.True(Read(input.Body, input.JsonBytes), request.Problems.ToString());
        }

        var good = true;
        var allocated = Allocation.Of(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                good &= Read(input.Body, input.JsonBytes);
            }
        });
        Assert.True(good);
        Assert.Equal(0, allocated);
    }

    private int[] Bags(int feature)
    {
        var (ids, offsets) = request.Batch.Columns[feature];
        return ids[..offsets![request.Batch.Samples]];
    }

    private void AssertValidScores()
    {
        Assert.Equal(2, request.Samples);
        Assert.Equal(SmallRequests.ValidScore0, FormulaTarget.Score(request.Batch, 0));
        Assert.Equal(SmallRequests.ValidScore1, FormulaTarget.Score(request.Batch, 1));
    }

    private bool Read(string json) => Read(Encoding.UTF8.GetBytes(json), null);

    private bool Read(byte[] body, int? jsonBytes)
    {
        request.Body.Clear();
        request.Body.Append(body);
        return request.Read(jsonBytes);
    }
}
