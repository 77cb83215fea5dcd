using System.Buffers;
using System.Text.Json;

namespace Rectune.Engine.Load.Http;

/// <summary>Writes the body of an inference request (Open Inference Protocol, with or without the binary tensor data extension).</summary>
public static class InferRequestWriter
{
    /// <summary>A request for some samples in a row.</summary>
    /// <param name="model">What takes it.</param>
    /// <param name="values">What it is filled with.</param>
    /// <param name="start">The first sample.</param>
    /// <param name="samples">How many.</param>
    /// <param name="encoding">How tensors are carried.</param>
    /// <param name="qualityMin">Least quality that it asks for; null for none.</param>
    /// <returns>The body, and the length of its JSON part where raw tensors follow it; null where all is JSON.</returns>
    public static (byte[] Body, int? JsonBytes) Write(ServedModel model, IQueryValues values, int start, int samples, TensorEncoding encoding, double? qualityMin = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        var binary = encoding == TensorEncoding.Binary;
        var body = new ArrayBufferWriter<byte>();
        var raw = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartArray("inputs");
            for (var i = 0; i < model.Inputs.Count; i++)
            {
                var elements = new double[samples * model.Inputs[i].Width];
                values.Fill(i, start, elements);
                WriteTensor(json, model.Inputs[i], samples, elements, binary ? raw : null);
            }

            json.WriteEndArray();
            if (binary || qualityMin is not null)
            {
                json.WriteStartObject("parameters");
                if (binary)
                {
                    json.WriteBoolean("binary_data_output", true);
                }

                if (qualityMin is { } least)
                {
                    json.WriteNumber("quality_min", least);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        var jsonBytes = body.WrittenCount;
        body.Write(raw.WrittenSpan);
        return (body.WrittenSpan.ToArray(), binary ? jsonBytes : null);
    }

    /// <param name="raw">Where the elements go; null writes them as numbers.</param>
    private static void WriteTensor(Utf8JsonWriter json, ServedTensor tensor, int samples, double[] elements, ArrayBufferWriter<byte>? raw)
    {
        json.WriteStartObject();
        json.WriteString("name", tensor.Name);
        json.WriteStartArray("shape");
        json.WriteNumberValue(samples);
        foreach (var dimension in tensor.SampleShape)
        {
            json.WriteNumberValue(dimension);
        }

        json.WriteEndArray();
        json.WriteString("datatype", ElementKinds.Text(tensor.Kind));
        if (raw is null)
        {
            WriteNumbers(json, tensor.Kind, elements);
        }
        else
        {
            var size = ElementKinds.Bytes(tensor.Kind);
            json.WriteStartObject("parameters");
            json.WriteNumber("binary_data_size", elements.Length * size);
            json.WriteEndObject();
            var bytes = raw.GetSpan(elements.Length * size);
            for (var i = 0; i < elements.Length; i++)
            {
                ElementKinds.Write(tensor.Kind, bytes.Slice(i * size, size), elements[i]);
            }

            raw.Advance(elements.Length * size);
        }

        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, ElementKind kind, double[] elements)
    {
        json.WriteStartArray("data");
        foreach (var element in elements)
        {
            if (kind == ElementKind.Bool)
            {
                json.WriteBooleanValue(element != 0);
            }
            else if (!ElementKinds.IsReal(kind))
            {
                json.WriteNumberValue((long)element);
            }
            else if (kind == ElementKind.Fp64)
            {
                json.WriteNumberValue(element);
            }
            else
            {
                json.WriteNumberValue((float)element);
            }
        }

        json.WriteEndArray();
    }
}
