using System.Text;
using Rectune.Engine.Serving.Protocol;
using Xunit;

namespace Rectune.Tests.Serving.Protocol;

public sealed class SequenceRequestTests
{
    private const string Candidate = """
        {"name":"user","shape":[2,1],"datatype":"INT64","data":[1,2]},
        {"name":"item","shape":[2,1],"datatype":"INT64","data":[98,99]},
        {"name":"kind","shape":[2,1],"datatype":"INT64","data":[0,4]}
        """;

    private const string DenseItems = """{"name":"past.item","shape":[2,3],"datatype":"INT64","data":[1,2,3,4,5,6]}""";

    private readonly InferRequest request = new(new InputLayout(SmallRequests.Sequences, SmallRequests.MaxSamples));

    [Fact]
    public void Read_DenseSequences_AreFull()
    {
        Assert.True(Read(DenseItems, """{"name":"past.kind","shape":[2,3],"datatype":"INT64","data":[0,1,2,3,4,0]}"""), request.Problems.ToString());
        Assert.Equal([1, 2, 3, 4, 5, 6], request.Batch.Columns[3].Ids[..6]);
        Assert.Equal([0, 3, 6], request.Batch.Columns[4].Offsets![..3]);
    }

    [Fact]
    public void Read_RaggedSequences_KeepTheirOrderAndMayBeEmpty()
    {
        Assert.True(Read(Ragged("past.item", "[0,0,2]", "[9,7]"), Ragged("past.kind", "[0,0,2]", "[3,1]")), request.Problems.ToString());
        Assert.Equal([9, 7], request.Batch.Columns[3].Ids[..2]);
        Assert.Equal([3, 1], request.Batch.Columns[4].Ids[..2]);
        Assert.Equal([0, 0, 2], request.Batch.Columns[3].Offsets![..3]);
    }

    [Fact]
    public void Read_OneDenseAndOneRaggedOfTheSameLengths_IsTaken() =>
        Assert.True(Read(DenseItems, Ragged("past.kind", "[0,3,6]", "[0,1,2,3,4,0]")), request.Problems.ToString());

    [Theory]
    [InlineData("[0,1,3]", "[0,2,3]", 0, 2, 1)]
    [InlineData("[0,1,3]", "[0,1,2]", 1, 1, 2)]
    public void Read_SequencesOutOfStep_NamesTheSample(string items, string kinds, int sample, int found, int expected)
    {
        Assert.False(Read(Ragged("past.item", items, "[1,2,3]"), Ragged("past.kind", kinds, kinds.EndsWith("2]", StringComparison.Ordinal) ? "[1,2]" : "[1,2,3]")));
        Assert.Equal(
            $"past.kind: found {found} ids in sample {sample}, expected {expected} as in 'past.item': sequences run in step", request.Problems.ToString());
    }

    [Fact]
    public void Read_RaggedBesideDense_NamesTheFirstShortSample()
    {
        Assert.False(Read(DenseItems, Ragged("past.kind", "[0,3,5]", "[0,1,2,3,4]")));
        Assert.Equal("past.kind: found 2 ids in sample 1, expected 3 as in 'past.item': sequences run in step", request.Problems.ToString());
    }

    [Fact]
    public void Read_SequenceLongerThanTheCardAllows_IsRefused()
    {
        Assert.False(Read(Ragged("past.item", "[0,4,5]", "[1,2,3,4,5]"), Ragged("past.kind", "[0,3,5]", "[0,1,2,3,4]")));
        Assert.Equal("past.item.offsets[1]: found a bag of 4 ids, expected at most 3, the lookups in the card", request.Problems.ToString());
    }

    [Fact]
    public void Read_IdOutsideTheSharedTable_IsRefused()
    {
        Assert.False(Read(DenseItems.Replace("5,6", "5,100", StringComparison.Ordinal), Ragged("past.kind", "[0,3,6]", "[0,1,2,3,4,0]")));
        Assert.Equal("past.item[1,2]: found id 100, expected 0 to 99", request.Problems.ToString());
    }

    private static string Ragged(string name, string offsets, string ids) => $$"""
        {"name":"{{name}}","shape":[{{ids.Count(c => c == ',') + 1}}],"datatype":"INT64","data":{{ids}}},
        {"name":"{{name}}.offsets","shape":[3],"datatype":"INT64","data":{{offsets}}}
        """;

    private bool Read(params string[] history)
    {
        request.Body.Clear();
        request.Body.Append(Encoding.UTF8.GetBytes(SmallRequests.With([Candidate, .. history])));
        return request.Read(null);
    }
}
