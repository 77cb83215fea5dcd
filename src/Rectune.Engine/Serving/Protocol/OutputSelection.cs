using System.Text.Json;

namespace Rectune.Engine.Serving.Protocol;

/// <summary>What a request asks back and how encoded: its <c>outputs</c>.</summary>
internal sealed class OutputSelection(ProblemList problems)
{
    private bool scoreAsked;
    private ScoreEncoding? scoreEncoding;

    /// <summary>Null where the outputs do not say.</summary>
    public ScoreEncoding? Encoding => scoreEncoding;

    public void Reset()
    {
        scoreAsked = false;
        scoreEncoding = null;
    }

    /// <param name="reader">On the value of the request's <c>outputs</c>.</param>
    public void ReadOutputs(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            problems.Add($"outputs: found {JsonTensorData.Describe(ref reader)}, expected an array");
            reader.Skip();
            return;
        }

        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ReadOutput(ref reader, index);
            }
            else
            {
                problems.Add($"outputs[{index}]: found {JsonTensorData.Describe(ref reader)}, expected an object");
                reader.Skip();
            }
        }
    }

    private void ReadOutput(ref Utf8JsonReader reader, int index)
    {
        var named = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("name"u8))
            {
                reader.Read();
                named = true;
                CheckOutputName(ref reader, index);
            }
            else if (reader.ValueTextEquals("parameters"u8))
            {
                reader.Read();
                if (ReadFlag(ref reader, "binary_data"u8, "outputs.parameters") is { } asked)
                {
                    scoreEncoding = asked ? ScoreEncoding.Binary : ScoreEncoding.Json;
                }
            }
            else
            {
                reader.Skip();
            }
        }

        if (!named)
        {
            problems.Add($"outputs[{index}]: 'name' is missing, expected '{InputLayout.OutputName}'");
        }
    }

    private void CheckOutputName(ref Utf8JsonReader reader, int index)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            problems.Add($"outputs[{index}]: found {JsonTensorData.Describe(ref reader)} as name, expected '{InputLayout.OutputName}'");
            reader.Skip();
        }
        else if (!reader.ValueTextEquals(InputLayout.OutputName))
        {
            problems.Add($"outputs[{index}]: found '{ProblemList.Quote(reader.GetString() ?? "")}', expected '{InputLayout.OutputName}'");
        }
        else if (scoreAsked)
        {
            problems.Add($"outputs[{index}]: '{InputLayout.OutputName}' is asked for twice");
        }
        else
        {
            scoreAsked = true;
        }
    }

    /// <summary>Reads an object and returns its boolean of the given name, or null when it has none.</summary>
    private bool? ReadFlag(ref Utf8JsonReader reader, ReadOnlySpan<byte> name, string where)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problems.Add($"{where}: found {JsonTensorData.Describe(ref reader)}, expected an object");
            reader.Skip();
            return null;
        }

        bool? flag = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var known = reader.ValueTextEquals(name);
            reader.Read();
            if (known && reader.TokenType is JsonTokenType.True or JsonTokenType.False)
            {
                flag = reader.TokenType == JsonTokenType.True;
            }
            else if (known)
            {
                problems.Add($"{where}: found {JsonTensorData.Describe(ref reader)}, expected true or false");
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        return flag;
    }
}
