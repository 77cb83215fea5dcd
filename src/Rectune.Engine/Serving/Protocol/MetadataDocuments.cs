using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rectune.Engine.Serving.Protocol;

/// <summary>What the server says of itself and of its model, as JSON in UTF-8.</summary>
public static class MetadataDocuments
{
    public const string Platform = "rectune_onnxruntime";

    public const string BinaryExtension = "binary_tensor_data";

    public const string RepositoryExtension = "model_repository";

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The answer of <c>GET /v2</c>.</summary>
    public static byte[] Server(string version) => Write(json =>
    {
        json.WriteString("name", "rectune");
        json.WriteString("version", version);
        json.WriteStartArray("extensions");
        json.WriteStringValue(BinaryExtension);
        json.WriteStringValue(RepositoryExtension);
        json.WriteEndArray();
    });

    /// <summary>The answer of <c>GET /v2/models/{model}</c>.</summary>
    public static byte[] Model(string name, string version, InputLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return Write(json =>
        {
            json.WriteString("name", name);
            json.WriteStartArray("versions");
            json.WriteStringValue(version);
            json.WriteEndArray();
            json.WriteString("platform", Platform);
            json.WriteStartArray("inputs");
            foreach (var slot in layout.Slots)
            {
                if (slot.Role != InputRole.Offsets)
                {
                    WriteTensor(json, slot.Name, slot.Role == InputRole.Dense ? TensorDatatype.Fp32 : TensorDatatype.Int64, slot.Width);
                }
            }

            json.WriteEndArray();
            json.WriteStartArray("outputs");
            WriteTensor(json, InputLayout.OutputName, TensorDatatype.Fp32, layout.Outputs);
            json.WriteEndArray();
            json.WriteStartObject("parameters");
            json.WriteNumber("max_batch_samples", layout.MaxSamples);
            json.WriteNumber("max_body_bytes", layout.BodyLimitBytes);
            json.WriteString("timeout", $"a request's parameters may have 'timeout': microseconds from its arrival, 1 to {RequestParameters.LongestTimeoutUs}; answered 503 where it cannot be kept");
            json.WriteString("quality_min", "a request's parameters may have 'quality_min': the least quality, in the plan's metric, of every path that answers it; answered 400 where no path is known to have it");
            json.WriteString(
                "ragged_inputs",
                $"a sparse feature [batch,k] may be sent as '<feature>' [n] with '<feature>{InputLayout.OffsetsSuffix}' [batch+1]: "
                + "first 0, never decreasing, last n, bags of at most k ids");
            if (layout.Sequences.Count > 0)
            {
                json.WriteString(
                    "sequence_inputs",
                    $"ids of {string.Join(", ", layout.Sequences.Select(f => $"'{layout.Card.Sparse[f].Name}'"))} are sequences, oldest first; a sample has equally many in each");
            }

            json.WriteEndObject();
        });
    }

    /// <summary>
    /// The answer of <c>POST /v2/repository/index</c> (Open Inference Protocol, model repository extension): a list of the one model.
    /// </summary>
    /// <param name="reason">Why it is not ready; null when it is.</param>
    public static byte[] RepositoryIndex(string name, string version, string? reason)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Readable);
        json.WriteStartArray();
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("version", version);
        json.WriteString("state", reason is null ? "READY" : "UNAVAILABLE");
        json.WriteString("reason", reason ?? "");
        json.WriteEndObject();
        json.WriteEndArray();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteTensor(Utf8JsonWriter json, string name, TensorDatatype datatype, int width)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("datatype", TensorDatatypes.Text(datatype));
        json.WriteStartArray("shape");
        json.WriteNumberValue(-1);
        json.WriteNumberValue(width);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Readable);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
