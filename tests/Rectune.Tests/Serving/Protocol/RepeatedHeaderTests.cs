using Rectune.Engine.Serving.Protocol;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving.Protocol;

public sealed class RepeatedHeaderTests
{
    private static readonly InputLayout Layout = new(SmallRequests.Card, SmallRequests.MaxSamples);

    private readonly InferRequest request = new(Layout);

    [Fact]
    public void TryRead_OtherElements_ReadsThem()
    {
        var header = Kept(SmallRequests.ValidBinary());
        var (body, jsonBytes) = SmallRequests.ValidBinary();
        SmallRequests.Longs(9).CopyTo(body, jsonBytes + 24);
        Fill(body);

        Assert.True(header.TryRead(jsonBytes));
        Assert.Equal(SmallRequests.ValidScore0 + 2, FormulaTarget.Score(request.Batch, 0));
    }

    [Fact]
    public void TryRead_AnythingElseOfTheRequestChanged_LeavesItToTheWholeReader()
    {
        var (body, jsonBytes) = SmallRequests.ValidBinary();
        var header = Kept((body, jsonBytes));
        Assert.True(header.TryRead(jsonBytes));

        Assert.False(header.TryRead(null));
        Assert.False(header.TryRead(jsonBytes - 1));
        Fill([.. body, 0]);
        Assert.False(header.TryRead(jsonBytes));
        Fill([.. " "u8, .. body[1..]]);
        Assert.False(header.TryRead(jsonBytes));
        Fill([.. body[..(jsonBytes + 24)], .. SmallRequests.Longs(10), .. body[(jsonBytes + 32)..]]);
        Assert.False(header.TryRead(jsonBytes));
        Fill(body);
        header.Forget();
        Assert.False(header.TryRead(jsonBytes));
    }

    [Fact]
    public void Keep_AllJson_KeepsNothing()
    {
        var body = System.Text.Encoding.UTF8.GetBytes(SmallRequests.Valid);

        Assert.False(Kept((body, null)).TryRead(null));
        Assert.False(Kept((body, body.Length)).TryRead(body.Length));
    }

    [Fact]
    public void Keep_BagsOfTheirOwnLengths_KeepsNothing()
    {
        var json = System.Text.Encoding.UTF8.GetBytes(SmallRequests.With(
            SmallRequests.Dense, SmallRequests.A, SmallRequests.B,
            """{"name":"C.offsets","shape":[3],"datatype":"INT32","parameters":{"binary_data_size":12}}""",
            """{"name":"C","shape":[3],"datatype":"INT64","parameters":{"binary_data_size":24}}"""));

        Assert.False(Kept(([.. json, .. SmallRequests.Ints(0, 0, 3), .. SmallRequests.Longs(40, 41, 42)], json.Length)).TryRead(json.Length));
    }

    [Fact]
    public void Read_FuzzedRequestsAgainWithOtherElements_FindsWhatAReaderFindsThatNeverSawTheFirst()
    {
        var fuzzer = new RequestFuzzer(seed: 29);
        var (repeated, taken) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var (body, jsonBytes) = fuzzer.Request();
            Fill(body);
            if (!request.Read(jsonBytes) || jsonBytes is null || jsonBytes == body.Length)
            {
                continue;
            }

            for (var again = 0; again < 4; again++)
            {
                var changed = (byte[])body.Clone();
                changed[jsonBytes.Value + fuzzer.Next(body.Length - jsonBytes.Value)] = (byte)fuzzer.Next(again % 2 == 0 ? 10 : 256);
                repeated++;
                taken += AssertReadAsAnew(changed, jsonBytes.Value) ? 1 : 0;
            }
        }

        Assert.True(taken > 1000 && repeated - taken > 1000, $"{repeated} read again, {taken} taken");
        Assert.InRange(request.Repeats, 300, taken);
    }

    private bool AssertReadAsAnew(byte[] body, long jsonBytes)
    {
        var anew = new InferRequest(Layout);
        anew.Body.Append(body);
        Fill(body);
        var good = request.Read(jsonBytes);

        Assert.Equal(anew.Read(jsonBytes), good);
        Assert.Equal(anew.Problems.ToString(), request.Problems.ToString());
        if (good)
        {
            Assert.Equal(FormulaTarget.Scores(anew.Batch), FormulaTarget.Scores(request.Batch));
            Assert.Equal(anew.Id.ToArray(), request.Id.ToArray());
            Assert.Equal((anew.Encoding, anew.TimeoutUs, anew.QualityMin), (request.Encoding, request.TimeoutUs, request.QualityMin));
        }

        return good;
    }

    private RepeatedHeader Kept((byte[] Body, int? JsonBytes) input)
    {
        Fill(input.Body);
        Assert.True(request.Read(input.JsonBytes), request.Problems.ToString());
        var header = new RepeatedHeader(request);
        header.Keep(input.JsonBytes);
        return header;
    }

    private void Fill(byte[] body)
    {
        request.Body.Clear();
        request.Body.Append(body);
    }
}
