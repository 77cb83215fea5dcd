using System.Buffers.Binary;
using System.Text;
using Rectune.Core.Domain;

namespace Rectune.Tests.Serving;

/// <summary>A card of three features, and requests for it written by hand.</summary>
internal static class SmallRequests
{
    public const int MaxSamples = 8;

    public const string Dense = """{"name":"dense","shape":[2,3],"datatype":"FP32","data":[[1,2,3],[4,5,6]]}""";
    public const string A = """{"name":"A","shape":[2,1],"datatype":"INT64","data":[[7],[8]]}""";
    public const string B = """{"name":"B","shape":[2,1],"datatype":"INT64","data":[100,200]}""";
    public const string C = """{"name":"C","shape":[2,4],"datatype":"INT64","data":[1,2,3,4,5,6,7,8]}""";

    /// <summary>Scores by hand: 6 + 7 + 2·100 + 3·10 = 243 and 15 + 8 + 2·200 + 3·26 = 501.</summary>
    public const string Valid = $$"""{"id":"q1","inputs":[{{Dense}},{{A}},{{B}},{{C}}]}""";

    public const float ValidScore0 = 243;
    public const float ValidScore1 = 501;

    public static readonly float[] ValidScores = [ValidScore0, ValidScore1];

    public static ModelCard Card { get; } = new()
    {
        Schema = ModelCard.SchemaName,
        Name = "small",
        Description = "for tests",
        Source = "made up",
        DenseFeatures = 3,
        Sparse =
        [
            new SparseFeature { Name = "A", Rows = 10, Dim = 4 },
            new SparseFeature { Name = "B", Rows = 1000, Dim = 4 },
            new SparseFeature { Name = "C", Rows = 50, Dim = 4, Lookups = 4 },
        ],
        BottomMlp = [4],
        Interaction = InteractionKind.Dot,
        TopMlp = [1],
        Skew = new CardSkew { ZipfExponent = 0, Source = Provenance.Assumed, Where = "made up" },
        Sla = new CardSla { Percentile = 99, LimitMs = 20, Source = Provenance.Assumed, Where = "made up" },
    };

    /// <summary>The same features without the dense ones, and two scores a sample.</summary>
    public static ModelCard TwoOutputsWithoutDense { get; } =
        Card with { DenseFeatures = 0, BottomMlp = [], Interaction = InteractionKind.Concat, TopMlp = [2], Output = OutputKind.Softmax };

    /// <summary>A history of up to three items and their kinds beside a candidate.</summary>
    public static ModelCard Sequences { get; } = TwoOutputsWithoutDense with
    {
        Sparse =
        [
            new SparseFeature { Name = "user", Rows = 10, Dim = 4, Group = "user" },
            new SparseFeature { Name = "item", Rows = 100, Dim = 4, Group = "candidate" },
            new SparseFeature { Name = "kind", Rows = 5, Dim = 4, Group = "candidate" },
            new SparseFeature { Name = "past.item", Rows = 100, Dim = 4, Lookups = 3, Sequence = true, Group = "history", Table = "item" },
            new SparseFeature { Name = "past.kind", Rows = 5, Dim = 4, Lookups = 3, Sequence = true, Group = "history", Table = "kind" },
        ],
        Interaction = InteractionKind.TargetAttention,
        Attention = [4],
    };

    public static string With(params string[] inputs) => $$"""{"inputs":[{{string.Join(',', inputs)}}]}""";

    /// <summary>The valid request with its tensors in the raw part; the length of the JSON part comes beside it.</summary>
    public static (byte[] Body, int JsonBytes) ValidBinary(string rest = "")
    {
        var json = Encoding.UTF8.GetBytes($$$"""
            {"inputs":[
            {"name":"dense","shape":[2,3],"datatype":"FP32","parameters":{"binary_data_size":24}},
            {"name":"A","shape":[2,1],"datatype":"INT64","parameters":{"binary_data_size":16}},
            {"name":"B","shape":[2,1],"datatype":"INT32","parameters":{"binary_data_size":8}},
            {"name":"C","shape":[2,4],"datatype":"INT64","parameters":{"binary_data_size":64}}]{{{rest}}}}
            """);
        return ([.. json, .. Floats(1, 2, 3, 4, 5, 6), .. Longs(7, 8), .. Ints(100, 200), .. Longs(1, 2, 3, 4, 5, 6, 7, 8)], json.Length);
    }

    public static byte[] Floats(params float[] values)
    {
        var bytes = new byte[values.Length * 4];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * 4), values[i]);
        }

        return bytes;
    }

    public static byte[] Longs(params long[] values)
    {
        var bytes = new byte[values.Length * 8];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * 8), values[i]);
        }

        return bytes;
    }

    public static byte[] Ints(params int[] values)
    {
        var bytes = new byte[values.Length * 4];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * 4), values[i]);
        }

        return bytes;
    }
}
