using System.Text.Json;
using System.Text.Unicode;

namespace Rectune.Engine.Serving.Protocol;

/// <summary>
/// Reads the JSON part of an inference request (Open Inference Protocol, "Inference Request JSON Object") and hands each input to the tensor
/// reader. Unknown keys are passed over, as clients of other servers send their own.
/// </summary>
internal sealed class InferRequestReader(InferRequest request)
{
    [Flags]
    private enum Keys
    {
        None = 0,
        Id = 1,
        Parameters = 2,
        Inputs = 4,
        Outputs = 8,
    }

    private readonly InputTensorReader tensors = new(request);
    private readonly OutputSelection outputs = new(request.Problems);
    private readonly RequestParameters parameters = new(request.Problems);
    private readonly BatchAgreement agreement = new(request);

    private Keys seen;
    private bool inputsRead;

    private ProblemList Problems => request.Problems;

    /// <param name="jsonBytes">Length of the JSON part, from the start of the body; raw tensors follow.</param>
    /// <param name="hasBinary">Whether the request said where its JSON part ends.</param>
    public void Read(int jsonBytes, bool hasBinary)
    {
        seen = Keys.None;
        inputsRead = false;
        outputs.Reset();
        parameters.Reset();
        tensors.Reset(jsonBytes, hasBinary);
        var json = request.Body.Span[..jsonBytes];
        if (!Utf8.IsValid(json))
        {
            Problems.Add("body: found bytes that are not UTF-8, expected JSON");
            return;
        }

        if (json.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            Problems.Add("body: found nothing, expected a JSON object with 'inputs'");
            return;
        }

        try
        {
            ReadRoot(json);
        }
        catch (JsonException e)
        {
            Problems.Clear();
            Problems.Add(Malformed(e));
            return;
        }
        catch (InvalidOperationException)
        {
            // The reader's answer to an escape that is half of a surrogate pair, which it meets only when the text is decoded.
            Problems.Clear();
            Problems.Add("body: found a string with half of a surrogate pair, expected valid JSON text");
            return;
        }

        request.Encoding = outputs.Encoding ?? parameters.Encoding;
        request.TimeoutUs = parameters.TimeoutUs;
        request.QualityMin = parameters.QualityMin;
        tensors.CheckAllUsed();
        if (inputsRead)
        {
            agreement.Check();
        }
        else if (Problems.Count == 0)
        {
            Problems.Add("inputs: missing, expected an array of tensors");
        }
    }

    private static string Malformed(JsonException e)
    {
        var what = e.Message;
        var end = what.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return $"body(line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}): found malformed JSON: {(end < 0 ? what : what[..end])}";
    }

    private void ReadRoot(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Problems.Add($"body: found {JsonTensorData.Describe(ref reader)}, expected an object with 'inputs'");
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("inputs"u8) && Once(ref reader, Keys.Inputs, "inputs"))
            {
                ReadInputs(ref reader);
            }
            else if (reader.ValueTextEquals("outputs"u8) && Once(ref reader, Keys.Outputs, "outputs"))
            {
                outputs.ReadOutputs(ref reader);
            }
            else if (reader.ValueTextEquals("parameters"u8) && Once(ref reader, Keys.Parameters, "parameters"))
            {
                parameters.Read(ref reader);
            }
            else if (reader.ValueTextEquals("id"u8) && Once(ref reader, Keys.Id, "id"))
            {
                ReadId(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        // Whatever follows the object is malformed, and the reader says so.
        reader.Read();
    }

    /// <summary>Steps onto the value of a key met for the first time; reports a second one.</summary>
    private bool Once(ref Utf8JsonReader reader, Keys key, string name)
    {
        if ((seen & key) != Keys.None)
        {
            Problems.Add($"{name}: given twice");
            return false;
        }

        seen |= key;
        return reader.Read();
    }

    private void ReadId(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            request.SetId((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex));
            return;
        }

        Problems.Add($"id: found {JsonTensorData.Describe(ref reader)}, expected a string");
        reader.Skip();
    }

    private void ReadInputs(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Problems.Add($"inputs: found {JsonTensorData.Describe(ref reader)}, expected an array of tensors");
            reader.Skip();
            return;
        }

        inputsRead = true;
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            tensors.Read(ref reader, index);
        }
    }
}
