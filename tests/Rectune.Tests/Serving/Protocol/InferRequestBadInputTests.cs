using System.Text;
using Rectune.Engine.Serving.Protocol;
using Xunit;

namespace Rectune.Tests.Serving.Protocol;

/// <summary>Each thing that can be wrong with a request, and what is said about it. '→' in a row separates the messages expected.</summary>
public sealed class InferRequestBadInputTests
{
    private readonly InferRequest request = new(new InputLayout(SmallRequests.Card, SmallRequests.MaxSamples));

    public static TheoryData<string, string, string, string> ValidRequestEdited => new()
    {
        { "id above the table", "[[7],[8]]", "[[7],[10]]", "A[1,0]: found id 10, expected 0 to 9" },
        { "id below zero", "[[7],[8]]", "[[-1],[8]]", "A[0,0]: found id -1, expected 0 to 9" },
        { "ids above the table", "[[7],[8]]", "[[77],[88]]", "A[0,0]: found id 77, expected 0 to 9 (1 more like it)" },
        { "id over 64 bits", "[100,200]", "[100,99999999999999999999]", "B[1,0]: found 99999999999999999999, expected an integer from 0 to 999" },
        { "id over 32 bits", "[100,200]", "[100,4294967301]", "B[1,0]: found id 4294967301, expected 0 to 999" },
        { "id with a fraction", "[100,200]", "[1.5,200]", "B[0,0]: found 1.5, expected an integer from 0 to 999" },
        { "id as text", "[100,200]", "[100,\"200\"]", "B[1,0]: found a string, expected a number" },
        { "multi-hot id", "1,2,3,4,5,6,7,8", "1,2,3,4,5,6,50,8", "C[1,2]: found id 50, expected 0 to 49" },
        { "null among dense", "[4,5,6]", "[4,null,6]", "dense[1,1]: found null, expected a number" },
        { "dense over FP32", "[4,5,6]", "[4,5,1e39]", "dense[1,2]: found 1e39, expected a finite FP32 number" },
        { "too few values", "[100,200]", "[100]", "B: found 1 values in data, expected 2 for shape [2,1]" },
        { "too many values", "[100,200]", "[100,200,300]", "B: found 3 values in data, expected 2 for shape [2,1]" },
        { "uneven rows", "[[1,2,3],[4,5,6]]", "[[1,2],[3,4,5,6]]", "dense: found 2 values in row 0 of data, expected 3" },
        { "numbers beside rows", "[[7],[8]]", "[[7],8]", "A: found data that mixes numbers and arrays" },
        { "too deep", "[[7],[8]]", "[[[7]],[8]]", "A: found data nested deeper than its shape [2,1]" },
        { "data is a number", "[[7],[8]]", "7", "A: found 7 as data, expected an array of numbers" },
        { "wrong width", "\"shape\":[2,3]", "\"shape\":[2,4]", "dense: found shape [2,4], expected FP32 [batch,3]" },
        { "wrong rank", "\"shape\":[2,3]", "\"shape\":[2,3,1,1,1]", "dense: found shape [2,3,1,1,…], expected FP32 [batch,3]" },
        { "negative shape", "\"shape\":[2,3]", "\"shape\":[-2,3]", "dense: found shape [-2,3], expected FP32 [batch,3]" },
        { "shape is no array", "\"shape\":[2,3]", "\"shape\":6", "inputs[0].shape: found 6, expected an array of integers" },
        { "shape of text", "\"shape\":[2,3]", "\"shape\":[2,\"3\"]", "inputs[0].shape: found a string, expected an integer" },
        { "other batch", "\"shape\":[2,1],\"datatype\":\"INT64\",\"data\":[[7],[8]]", "\"shape\":[1,1],\"datatype\":\"INT64\",\"data\":[[7]]", "A: found shape [1,1] of 1 samples, expected 2 as in 'dense'" },
        { "ids as floats", "\"name\":\"A\",\"shape\":[2,1],\"datatype\":\"INT64\"", "\"name\":\"A\",\"shape\":[2,1],\"datatype\":\"FP32\"", "A: found datatype FP32, expected INT64 or INT32" },
        { "dense as integers", "FP32", "INT64", "dense: found datatype INT64, expected FP32" },
        { "unknown datatype", "FP32", "BYTES", "dense: found datatype BYTES, expected FP32" },
        { "datatype is a number", "\"FP32\"", "32", "dense: found datatype 32, expected FP32" },
        { "no datatype", ",\"datatype\":\"FP32\"", "", "dense: 'datatype' is missing, expected FP32" },
        { "no shape", "\"shape\":[2,3],", "", "dense: 'shape' is missing, expected FP32 [batch,3]" },
        { "no data", ",\"data\":[[7],[8]]", "", "A: found neither 'data' nor 'parameters.binary_data_size', expected one" },
        { "no name", "\"name\":\"A\",", "", "inputs[1]: 'name' is missing or no string→A: missing, expected INT64 [2,1]" },
        { "unknown tensor", "\"name\":\"A\"", "\"name\":\"AA\"", "inputs[1]: found the unknown tensor 'AA', expected one of 'dense' to 'C'→A: missing, expected INT64 [2,1]" },
        { "given twice", "\"name\":\"B\"", "\"name\":\"A\"", "A: given twice→B: missing" },
        { "key given twice", "\"data\":[100,200]", "\"data\":[100,200],\"data\":[100,200]", "inputs[2]: 'data' given twice" },
        { "input is a number", "\"inputs\":[", "\"inputs\":[5,", "inputs[0]: found 5, expected an object" },
        { "root key given twice", "\"id\":\"q1\"", "\"id\":\"q1\",\"id\":\"q2\"", "id: given twice" },
        { "id is a number", "\"q1\"", "1", "id: found 1, expected a string" },
        { "unknown output", "{\"id\"", "{\"outputs\":[{\"name\":\"logit\"}],\"id\"", "outputs[0]: found 'logit', expected 'score'" },
        { "output twice", "{\"id\"", "{\"outputs\":[{\"name\":\"score\"},{\"name\":\"score\"}],\"id\"", "outputs[1]: 'score' is asked for twice" },
        { "output without name", "{\"id\"", "{\"outputs\":[{}],\"id\"", "outputs[0]: 'name' is missing, expected 'score'" },
        { "outputs is an object", "{\"id\"", "{\"outputs\":{},\"id\"", "outputs: found an object, expected an array" },
        { "flag is text", "{\"id\"", "{\"parameters\":{\"binary_data_output\":\"yes\"},\"id\"", "parameters.binary_data_output: found a string, expected true or false" },
        { "parameters is an array", "{\"id\"", "{\"parameters\":[1],\"id\"", "parameters: found an array, expected an object" },
        { "timeout of zero", "{\"id\"", "{\"parameters\":{\"timeout\":0},\"id\"", "parameters.timeout: found 0, expected a whole number of microseconds from 1 to 3600000000" },
        { "timeout below zero", "{\"id\"", "{\"parameters\":{\"timeout\":-5},\"id\"", "parameters.timeout: found -5, expected a whole number" },
        { "timeout with a fraction", "{\"id\"", "{\"parameters\":{\"timeout\":1.5},\"id\"", "parameters.timeout: found 1.5, expected a whole number" },
        { "timeout over an hour", "{\"id\"", "{\"parameters\":{\"timeout\":3600000001},\"id\"", "parameters.timeout: found 3600000001, expected a whole number" },
        { "timeout over 64 bits", "{\"id\"", "{\"parameters\":{\"timeout\":99999999999999999999},\"id\"", "parameters.timeout: found 99999999999999999999, expected a whole number" },
        { "timeout as text", "{\"id\"", "{\"parameters\":{\"timeout\":\"20ms\"},\"id\"", "parameters.timeout: found a string, expected a whole number" },
        { "timeout as an object", "{\"id\"", "{\"parameters\":{\"timeout\":{\"us\":5}},\"id\"", "parameters.timeout: found an object, expected a whole number" },
        { "timeout twice", "{\"id\"", "{\"parameters\":{\"timeout\":5,\"timeout\":6},\"id\"", "parameters.timeout: given twice" },
        { "quality that is text", "{\"id\"", "{\"parameters\":{\"quality_min\":\"0.8\"},\"id\"", "parameters.quality_min: found a string, expected a finite number, the least quality in the plan's metric" },
        { "quality that is null", "{\"id\"", "{\"parameters\":{\"quality_min\":null},\"id\"", "parameters.quality_min: found null, expected a finite number, the least quality in the plan's metric" },
        { "quality beyond all numbers", "{\"id\"", "{\"parameters\":{\"quality_min\":1e999},\"id\"", "parameters.quality_min: found 1e999, expected a finite number, the least quality in the plan's metric" },
        { "quality that is a list", "{\"id\"", "{\"parameters\":{\"quality_min\":[0.8]},\"id\"", "parameters.quality_min: found an array, expected a finite number, the least quality in the plan's metric" },
        { "quality twice", "{\"id\"", "{\"parameters\":{\"quality_min\":0.7,\"quality_min\":0.8},\"id\"", "parameters.quality_min: given twice" },
        { "binary without its header", ",\"data\":[[7],[8]]", ",\"parameters\":{\"binary_data_size\":16}", "A: found binary_data_size without the header Inference-Header-Content-Length" },
        { "binary size is text", ",\"data\":[[7],[8]]", ",\"parameters\":{\"binary_data_size\":\"16\"}", "inputs[1].parameters.binary_data_size: found a string, expected a number of bytes" },
        { "no comma", "\"q1\",", "\"q1\"", "body(line 1, column 11): found malformed JSON" },
        { "half a surrogate pair", "\"name\":\"A\"", "\"name\":\"\\ud800\"", "body: found a string with half of a surrogate pair" },
        { "ragged without offsets", "\"name\":\"A\",\"shape\":[2,1],\"datatype\":\"INT64\",\"data\":[[7],[8]]", "\"name\":\"A\",\"shape\":[2],\"datatype\":\"INT64\",\"data\":[7,8]", "A: found shape [2] without 'A.offsets', expected INT64 [2,1]" },
    };

    public static TheoryData<string, string, string, string> RaggedInputs => new()
    {
        { "[0,1,3]", "[3]", "[1,2,3]", "" },
        { "[1,1,3]", "[3]", "[1,2,3]", "C.offsets[0]: found 1, expected 0" },
        { "[0,3,2]", "[3]", "[1,2,3]", "C.offsets[2]: found 2 after 3, expected no decrease" },
        { "[0,1,2]", "[3]", "[1,2,3]", "C.offsets[2]: found 2, expected 3, the ids in 'C'" },
        { "[0,5,6]", "[6]", "[1,2,3,4,5,6]", "C.offsets[1]: found a bag of 5 ids, expected at most 4, the lookups in the card" },
        { "[0,-1,3]", "[3]", "[1,2,3]", "C.offsets[1]: found -1, expected 0 to 32" },
        { "[0,1,3]", "[2,4]", "[1,2,3,4,5,6,7,8]", "C.offsets: found beside 'C' [2,4], expected only beside 'C' [n]" },
        { "[0,1,3]", "[3]", "[[1],[2],[3]]", "C: found data nested deeper than its shape [3]" },
        { "[0,1,3]", "[33]", "[]", "C: found 33 ids, expected at most 32" },
        { "[0,1,3]", "[3]", "[1,2,51]", "C[2]: found id 51, expected 0 to 49" },
    };

    [Theory]
    [MemberData(nameof(ValidRequestEdited))]
    public void Read_ValidRequestEdited_SaysWhatIsWrong(string name, string from, string to, string expected)
    {
        Assert.Contains(from, SmallRequests.Valid, StringComparison.Ordinal);
        var at = SmallRequests.Valid.IndexOf(from, StringComparison.Ordinal);
        var json = string.Concat(SmallRequests.Valid.AsSpan(0, at), to, SmallRequests.Valid.AsSpan(at + from.Length));

        Assert.False(Read(json), name);
        var expectations = expected.Split('→');
        foreach (var message in expectations)
        {
            Assert.Contains(message, request.Problems.ToString(), StringComparison.Ordinal);
        }

        // One fault, one message: nothing is concluded from what is known to be wrong.
        Assert.Equal(expectations.Length, request.Problems.Count);
    }

    [Theory]
    [MemberData(nameof(RaggedInputs))]
    public void Read_RaggedFeature_ChecksItsOffsets(string offsets, string shape, string ids, string expected)
    {
        var json = SmallRequests.With(
            SmallRequests.Dense, SmallRequests.A, SmallRequests.B,
            $$"""{"name":"C.offsets","shape":[3],"datatype":"INT64","data":{{offsets}}}""",
            $$"""{"name":"C","shape":{{shape}},"datatype":"INT64","data":{{ids}}}""");

        Assert.Equal(expected.Length == 0, Read(json));
        Assert.Equal(expected, request.Problems.ToString());
    }

    [Fact]
    public void Read_OffsetsOfAnotherBatch_NamesTheBatch()
    {
        var json = SmallRequests.With(
            SmallRequests.Dense, SmallRequests.A, SmallRequests.B,
            """{"name":"C","shape":[3],"datatype":"INT64","data":[1,2,3]}""",
            """{"name":"C.offsets","shape":[4],"datatype":"INT64","data":[0,1,2,3]}""");

        Assert.False(Read(json));
        Assert.Equal("C.offsets: found shape [4] of 3 samples, expected 2 as in 'dense'", request.Problems.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(2_000_000_000)]
    public void Read_BatchOutsideTheLimit_IsSaidOnce(int batch)
    {
        var json = SmallRequests.Valid.Replace("[2,", $"[{batch},", StringComparison.Ordinal);
        if (batch == 0)
        {
            json = System.Text.RegularExpressions.Regex.Replace(json, "\"data\":.*?}", "\"data\":[]}");
        }

        Assert.False(Read(json));
        Assert.Equal($"batch: found {batch} samples in 'dense', expected 1 to 8", request.Problems.ToString());
    }

    [Fact]
    public void Read_SeveralFaults_ReportsThemAll()
    {
        var json = SmallRequests.With(
            """{"name":"dense","shape":[2,3],"datatype":"INT8","data":[1,2,3,4,5,6]}""",
            """{"name":"A","shape":[2,1],"datatype":"INT64","data":[7,10]}""",
            """{"name":"D","shape":[2,1],"datatype":"INT64","data":[7,10]}""",
            """{"name":"C","shape":[2,3],"datatype":"INT64","data":[1,2,3,4,5,6]}""");

        Assert.False(Read(json));
        var all = request.Problems.ToString().Split("; ");
        Assert.Equal(5, all.Length);
        Assert.StartsWith("dense: found datatype INT8", all[0], StringComparison.Ordinal);
        Assert.StartsWith("A[1,0]: found id 10", all[1], StringComparison.Ordinal);
        Assert.StartsWith("inputs[2]: found the unknown tensor 'D'", all[2], StringComparison.Ordinal);
        Assert.StartsWith("C: found shape [2,3], expected INT64 [batch,4]", all[3], StringComparison.Ordinal);
        Assert.StartsWith("B: missing, expected INT64 [batch,1]", all[4], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "body: found nothing, expected a JSON object")]
    [InlineData(" \r\n\t", "body: found nothing, expected a JSON object")]
    [InlineData("[]", "body: found an array, expected an object with 'inputs'")]
    [InlineData("{}", "inputs: missing, expected an array of tensors")]
    [InlineData("{\"inputs\":{}}", "inputs: found an object, expected an array of tensors")]
    [InlineData("{\"inputs\":[]} x", "body(line 1, column 15): found malformed JSON")]
    [InlineData("{\"inputs\":[\n{\"name\":\"dense\",]}", "body(line 2, column 17): found malformed JSON")]
    [InlineData("{\"inputs\":[{\"name\":\"dense\",\"shape\":[1,3],\"datatype\":\"FP32\",\"data\":[NaN,1,2]}]}", "found malformed JSON")]
    [InlineData("{\"inputs\":[{\"name\":\"dense\",\"shape\":[1,3],\"datatype\":\"FP32\",\"data\":[1,2", "found malformed JSON")]
    public void Read_NoRequestAtAll_SaysWhatWasFound(string json, string expected)
    {
        Assert.False(Read(json));
        Assert.Contains(expected, request.Problems.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, request.Problems.Count);
    }

    [Fact]
    public void Read_NotUtf8_SaysSo()
    {
        Assert.False(Read([.. "{\"inputs\":[{\"name\":\""u8, 0xFF, .. "\"}]}"u8], null));
        Assert.Equal("body: found bytes that are not UTF-8, expected JSON", request.Problems.ToString());
    }

    [Theory]
    [InlineData("\"binary_data_size\":16", "\"binary_data_size\":15", "A: found binary_data_size 15, expected 16 for INT64 [2,1]")]
    [InlineData("\"binary_data_size\":64", "\"binary_data_size\":65", "C: found 64 bytes left in the body, expected its binary_data_size 65")]
    [InlineData("\"binary_data_size\":64}", "\"binary_data_size\":64},\"data\":[1]", "C: found both 'data' and 'parameters.binary_data_size', expected one")]
    [InlineData("\"binary_data_size\":64", "\"binary_data_size\":-1", "parameters.binary_data_size: found -1, expected a number of bytes")]
    public void Read_BinarySizesThatDoNotFit_NamesTheTensor(string from, string to, string expected)
    {
        var (body, jsonBytes) = SmallRequests.ValidBinary();
        var json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body[..jsonBytes]).Replace(from, to, StringComparison.Ordinal));

        Assert.False(Read([.. json, .. body[jsonBytes..]], json.Length));
        Assert.Contains(expected, request.Problems.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BytesAfterTheLastTensor_AreCounted()
    {
        var (body, jsonBytes) = SmallRequests.ValidBinary();

        Assert.False(Read([.. body, 1, 2, 3], jsonBytes));
        Assert.StartsWith("body: found 3 bytes after the last tensor", request.Problems.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(100_000)]
    public void Read_JsonPartOutsideTheBody_NamesTheHeader(int jsonBytes)
    {
        Assert.False(Read(SmallRequests.ValidBinary().Body, jsonBytes));
        Assert.StartsWith($"Inference-Header-Content-Length: found {jsonBytes}", request.Problems.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void Read_BinaryDenseNotFinite_NamesThePlace(float value, string text)
    {
        var (body, jsonBytes) = SmallRequests.ValidBinary();
        SmallRequests.Floats(value).CopyTo(body, jsonBytes + (4 * 4));

        Assert.False(Read(body, jsonBytes));
        Assert.Equal($"dense[1,1]: found {text}, expected a finite FP32 number", request.Problems.ToString());
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(1L << 32)]
    public void Read_BinaryIdOutOfRange_NamesThePlace(long id)
    {
        var (body, jsonBytes) = SmallRequests.ValidBinary();
        SmallRequests.Longs(id).CopyTo(body, jsonBytes + 24 + 8);

        Assert.False(Read(body, jsonBytes));
        Assert.Equal($"A[1,0]: found id {id}, expected 0 to 9", request.Problems.ToString());
    }

    [Fact]
    public void Read_BinaryInt32IdBelowZero_NamesThePlace()
    {
        var (body, jsonBytes) = SmallRequests.ValidBinary();
        SmallRequests.Ints(-5).CopyTo(body, jsonBytes + 24 + 16 + 4);

        Assert.False(Read(body, jsonBytes));
        Assert.Equal("B[1,0]: found id -5, expected 0 to 999", request.Problems.ToString());
    }

    private bool Read(string json) => Read(Encoding.UTF8.GetBytes(json), null);

    private bool Read(byte[] body, int? jsonBytes)
    {
        request.Body.Clear();
        request.Body.Append(body);
        return request.Read(jsonBytes);
    }
}
