using System.Text.Json;

namespace Rectune.Engine.Serving.Protocol;

/// <summary>Reads the keys of one element of <c>inputs</c>.</summary>
internal sealed class TensorHeaderReader(InferRequest request)
{
    private const int MaxNameCharacters = 256;

    private readonly char[] name = new char[MaxNameCharacters];

    private ProblemList Problems => request.Problems;

    /// <summary>The key that the reader is on.</summary>
    public static TensorHeader.Keys Key(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("data"u8) ? TensorHeader.Keys.Data
        : reader.ValueTextEquals("name"u8) ? TensorHeader.Keys.Name
        : reader.ValueTextEquals("shape"u8) ? TensorHeader.Keys.Shape
        : reader.ValueTextEquals("datatype"u8) ? TensorHeader.Keys.Datatype
        : reader.ValueTextEquals("parameters"u8) ? TensorHeader.Keys.Parameters
        : TensorHeader.Keys.None;

    /// <param name="reader">On the value of <paramref name="key"/>; left on its last token.</param>
    public void Read(ref Utf8JsonReader reader, TensorHeader.Keys key, ref TensorHeader header)
    {
        switch (key)
        {
            case TensorHeader.Keys.Name:
                ReadName(ref reader, ref header);
                break;
            case TensorHeader.Keys.Shape:
                ReadShape(ref reader, ref header);
                break;
            case TensorHeader.Keys.Datatype when reader.TokenType == JsonTokenType.String:
                header.Datatype = TensorDatatypes.Parse(reader.ValueSpan);
                header.UnknownDatatype = header.Datatype == TensorDatatype.None ? reader.GetString() : null;
                break;
            case TensorHeader.Keys.Datatype:
                header.UnknownDatatype = JsonTensorData.Describe(ref reader);
                reader.Skip();
                break;
            case TensorHeader.Keys.Parameters:
                ReadParameters(ref reader, ref header);
                break;
            case TensorHeader.Keys.Data:
                header.Data = reader;
                reader.Skip();
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private void ReadName(ref Utf8JsonReader reader, ref TensorHeader header)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return;
        }

        // Every character takes at least one byte, so what is longer in bytes may still fit; what is unknown is copied for the message.
        if (reader.ValueSpan.Length <= MaxNameCharacters)
        {
            header.Slot = request.Layout.Find(name.AsSpan(0, reader.CopyString(name)));
        }
        else
        {
            header.Slot = request.Layout.Find(reader.GetString());
        }

        header.UnknownName = header.Slot < 0 ? reader.GetString() : null;
    }

    private void ReadShape(ref Utf8JsonReader reader, ref TensorHeader header)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Problems.Add($"inputs[{header.Index}].shape: found {JsonTensorData.Describe(ref reader)}, expected an array of integers");
            reader.Skip();
            return;
        }

        header.ShapeIsValid = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var dimension))
            {
                header.Shape.Add(dimension);
            }
            else if (header.ShapeIsValid)
            {
                Problems.Add($"inputs[{header.Index}].shape: found {JsonTensorData.Describe(ref reader)}, expected an integer");
                header.ShapeIsValid = false;
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadParameters(ref Utf8JsonReader reader, ref TensorHeader header)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Problems.Add($"inputs[{header.Index}].parameters: found {JsonTensorData.Describe(ref reader)}, expected an object");
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isSize = reader.ValueTextEquals("binary_data_size"u8);
            reader.Read();
            if (isSize && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var bytes) && bytes >= 0)
            {
                header.BinaryBytes = bytes;
            }
            else
            {
                if (isSize)
                {
                    var where = $"inputs[{header.Index}].parameters.binary_data_size";
                    Problems.Add($"{where}: found {JsonTensorData.Describe(ref reader)}, expected a number of bytes");
                    header.BinaryIsInvalid = true;
                }

                reader.Skip();
            }
        }
    }
}
