using System.Text.Json;

namespace Rectune.Engine.Load.Http;

/// <summary>Whether the body of an answer really holds output tensors with all their elements.</summary>
internal static class OutputCheck
{
    /// <summary>What is wrong with it; null where nothing is.</summary>
    /// <param name="jsonBytes">Length of the JSON part where raw tensors follow it; null where all is JSON.</param>
    public static string? Problem(ReadOnlySpan<byte> body, int? jsonBytes)
    {
        if (jsonBytes > body.Length)
        {
            return $"its JSON part is said to be {jsonBytes} bytes long, but it has {body.Length} in all";
        }

        try
        {
            using var document = JsonDocument.Parse(body[..(jsonBytes ?? body.Length)].ToArray());
            return Problem(document.RootElement, body.Length - (jsonBytes ?? body.Length));
        }
        catch (JsonException)
        {
            return "it is no JSON";
        }
    }

    private static string? Problem(JsonElement root, long rawBytes)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("outputs", out var outputs) || outputs.ValueKind != JsonValueKind.Array || outputs.GetArrayLength() == 0)
        {
            return "it has no 'outputs'";
        }

        foreach (var output in outputs.EnumerateArray())
        {
            if (output.ValueKind != JsonValueKind.Object || Elements(output) is not { } elements)
            {
                return "an output has no 'shape' of at least one element";
            }

            if (output.TryGetProperty("data", out var data))
            {
                var held = Leaves(data);
                if (held != elements)
                {
                    return $"an output holds {held} elements, its shape {elements}";
                }
            }
            else if (RawBytes(output) is { } size)
            {
                rawBytes -= size;
            }
            else
            {
                return "an output has neither 'data' nor 'binary_data_size'";
            }
        }

        return rawBytes == 0 ? null : "its raw tensors are not as long as it says";
    }

    private static long? Elements(JsonElement output)
    {
        if (!output.TryGetProperty("shape", out var shape) || shape.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var elements = 1L;
        foreach (var dimension in shape.EnumerateArray())
        {
            if (dimension.ValueKind != JsonValueKind.Number || !dimension.TryGetInt32(out var size) || size <= 0)
            {
                return null;
            }

            elements = elements > int.MaxValue ? elements : elements * size;
        }

        return elements;
    }

    private static long? RawBytes(JsonElement output) =>
        output.TryGetProperty("parameters", out var parameters) && parameters.ValueKind == JsonValueKind.Object
        && parameters.TryGetProperty("binary_data_size", out var bytes) && bytes.ValueKind == JsonValueKind.Number && bytes.TryGetInt64(out var size) && size > 0
            ? size
            : null;

    /// <summary>Elements of nested arrays.</summary>
    private static long Leaves(JsonElement data)
    {
        if (data.ValueKind != JsonValueKind.Array)
        {
            return 1;
        }

        var leaves = 0L;
        foreach (var item in data.EnumerateArray())
        {
            leaves += Leaves(item);
        }

        return leaves;
    }
}
