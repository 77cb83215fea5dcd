using System.Buffers.Binary;
using System.Text.Json;
using Rectune.Tests.Fakes;

namespace Rectune.Tests.Serving;

/// <summary>A second reader of requests for the small card, obvious and slow, for requests that were found valid: their scores by the formula of <see cref="FormulaTarget"/>.</summary>
internal static class SlowRequest
{
    private static readonly string[] Features = ["A", "B", "C"];
    private static readonly int[] Rows = [10, 1000, 50];
    private static readonly int[] Lookups = [1, 1, 4];

    /// <exception cref="InvalidDataException">It is not valid after all.</exception>
    public static float[] Scores(byte[] body, long? jsonBytes)
    {
        var json = (int)(jsonBytes ?? body.Length);
        using var document = JsonDocument.Parse(body.AsMemory(0, json));
        var values = new Dictionary<string, (double[] Values, long[] Shape)>(StringComparer.Ordinal);
        foreach (var input in document.RootElement.GetProperty("inputs").EnumerateArray())
        {
            long[] shape = [.. input.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64())];
            values.Add(input.GetProperty("name").GetString()!, (Values(input, body, ref json), shape));
        }

        Require(json == body.Length, "bytes are left");
        var (dense, of) = values["dense"];
        var samples = of[0];
        Require(samples is >= 1 and <= SmallRequests.MaxSamples && of[1] == 3 && dense.Length == samples * 3, "dense");
        Require(dense.All(value => float.IsFinite((float)value)), "dense is not finite");
        return [.. Enumerable.Range(0, (int)samples).Select(sample => Score(values, sample))];
    }

    private static float Score(Dictionary<string, (double[] Values, long[] Shape)> values, int sample)
    {
        var score = 0f;
        foreach (var value in values["dense"].Values.AsSpan(sample * 3, 3))
        {
            score += (float)value;
        }

        for (var f = 0; f < Features.Length; f++)
        {
            var (ids, shape) = values[Features[f]];
            var (from, to) = ((double)sample * Lookups[f], (double)(sample + 1) * Lookups[f]);
            if (shape.Length == 1)
            {
                var offsets = values[$"{Features[f]}.offsets"].Values;
                (from, to) = (offsets[sample], offsets[sample + 1]);
                Require(offsets[0] == 0 && offsets[^1] == ids.Length && offsets.Length == values["dense"].Shape[0] + 1, "offsets");
            }

            Require(from <= to && to <= ids.Length && to - from <= Lookups[f], "bag");
            for (var i = (int)from; i < to; i++)
            {
                Require(ids[i] >= 0 && ids[i] < Rows[f] && ids[i] == Math.Floor(ids[i]), "id");
                score += (f + 1) * (int)ids[i];
            }
        }

        return score;
    }

    private static double[] Values(JsonElement input, byte[] body, ref int at)
    {
        if (input.TryGetProperty("data", out var data))
        {
            return [.. Flat(data)];
        }

        var type = input.GetProperty("datatype").GetString()!;
        var bytes = body.AsSpan(at, (int)input.GetProperty("parameters").GetProperty("binary_data_size").GetInt64());
        at += bytes.Length;
        var width = type.EndsWith("64", StringComparison.Ordinal) ? 8 : 4;
        var values = new double[bytes.Length / width];
        for (var i = 0; i < values.Length; i++)
        {
            var element = bytes[(i * width)..];
            values[i] = type switch
            {
                "FP32" => BinaryPrimitives.ReadSingleLittleEndian(element),
                "FP64" => BinaryPrimitives.ReadDoubleLittleEndian(element),
                "INT32" => BinaryPrimitives.ReadInt32LittleEndian(element),
                "UINT32" => BinaryPrimitives.ReadUInt32LittleEndian(element),
                "INT64" => BinaryPrimitives.ReadInt64LittleEndian(element),
                _ => BinaryPrimitives.ReadUInt64LittleEndian(element),
            };
        }

        return values;
    }

    private static IEnumerable<double> Flat(JsonElement data) =>
        data.ValueKind == JsonValueKind.Array ? data.EnumerateArray().SelectMany(Flat) : [data.GetDouble()];

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidDataException(what);
        }
    }
}
