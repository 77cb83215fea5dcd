using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Rectune.Engine.Serving.Protocol;

/// <summary>Writes inference responses into memory that is kept for the next. One owner at a time.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A JSON writer over managed memory holds nothing to release.")]
public sealed class InferResponseWriter
{
    private static readonly JsonEncodedText ModelNameKey = JsonEncodedText.Encode("model_name");
    private static readonly JsonEncodedText ModelVersionKey = JsonEncodedText.Encode("model_version");
    private static readonly JsonEncodedText IdKey = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText OutputsKey = JsonEncodedText.Encode("outputs");
    private static readonly JsonEncodedText NameKey = JsonEncodedText.Encode("name");
    private static readonly JsonEncodedText DatatypeKey = JsonEncodedText.Encode("datatype");
    private static readonly JsonEncodedText ShapeKey = JsonEncodedText.Encode("shape");
    private static readonly JsonEncodedText DataKey = JsonEncodedText.Encode("data");
    private static readonly JsonEncodedText ParametersKey = JsonEncodedText.Encode("parameters");
    private static readonly JsonEncodedText BinarySizeKey = JsonEncodedText.Encode("binary_data_size");
    private static readonly JsonEncodedText OutputName = JsonEncodedText.Encode(InputLayout.OutputName);
    private static readonly JsonEncodedText Fp32 = JsonEncodedText.Encode(TensorDatatypes.Text(TensorDatatype.Fp32));

    private readonly JsonEncodedText modelName;
    private readonly JsonEncodedText modelVersion;
    private readonly int outputs;
    private readonly ArrayBufferWriter<byte> buffer = new();
    private readonly Utf8JsonWriter json;

    /// <param name="outputs">Scores of a sample.</param>
    public InferResponseWriter(string modelName, string modelVersion, int outputs)
    {
        this.outputs = outputs;
        this.modelName = JsonEncodedText.Encode(modelName);
        this.modelVersion = JsonEncodedText.Encode(modelVersion);
        json = new Utf8JsonWriter(buffer);
    }

    /// <summary>The last response, until the next is written.</summary>
    public ReadOnlyMemory<byte> Written => buffer.WrittenMemory;

    public long RetainedBytes => buffer.Capacity;

    /// <summary>Writes a response; returns the length of its JSON part, which is all of it unless <paramref name="encoding"/> is binary.</summary>
    /// <param name="scores"><c>[batch, outputs]</c>, all finite.</param>
    /// <param name="id">JSON text with quotes; empty for none.</param>
    public int Write(ReadOnlySpan<float> scores, ScoreEncoding encoding, ReadOnlySpan<byte> id)
    {
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        json.WriteStartObject();
        json.WriteString(ModelNameKey, modelName);
        json.WriteString(ModelVersionKey, modelVersion);
        if (!id.IsEmpty)
        {
            json.WritePropertyName(IdKey);
            json.WriteRawValue(id, skipInputValidation: true);
        }

        json.WriteStartArray(OutputsKey);
        json.WriteStartObject();
        json.WriteString(NameKey, OutputName);
        json.WriteString(DatatypeKey, Fp32);
        json.WriteStartArray(ShapeKey);
        json.WriteNumberValue(scores.Length / outputs);
        json.WriteNumberValue(outputs);
        json.WriteEndArray();
        if (encoding == ScoreEncoding.Binary)
        {
            json.WriteStartObject(ParametersKey);
            json.WriteNumber(BinarySizeKey, scores.Length * sizeof(float));
            json.WriteEndObject();
        }
        else
        {
            json.WriteStartArray(DataKey);
            foreach (var score in scores)
            {
                json.WriteNumberValue(score);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        var jsonBytes = buffer.WrittenCount;
        if (encoding == ScoreEncoding.Binary)
        {
            buffer.Write(MemoryMarshal.AsBytes(scores));
        }

        return jsonBytes;
    }
}
