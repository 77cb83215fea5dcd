using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Rectune.Engine.Serving.Protocol;

/// <summary>Reads the <c>data</c> array of one tensor, flat or one array a sample, and checks its length and range.</summary>
internal ref struct JsonTensorData(InputTensor tensor, ProblemList problems)
{
    private const int ShownCharacters = 32;

    private int count;
    private int badRow = -1;
    private int badRowLength;
    private int wrong;
    private string? firstWrong;
    private int outside;
    private int firstOutside;
    private string firstOutsideText = "";
    private bool flat;
    private bool nested;
    private bool tooDeep;

    /// <param name="reader">On the value of <c>data</c>; left on its last token.</param>
    /// <param name="tensor">Already admitted, with room for the elements.</param>
    public static void Read(ref Utf8JsonReader reader, InputTensor tensor, ProblemList problems)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            problems.Add($"{tensor.Slot.Name}: found {Describe(ref reader)} as data, expected an array of numbers");
            tensor.Faulty = true;
            reader.Skip();
            return;
        }

        var data = new JsonTensorData(tensor, problems);
        data.ReadElements(ref reader);
        data.Report();
    }

    /// <summary>The current token in words, shortened.</summary>
    public static string Describe(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => "a string",
        JsonTokenType.Number => Raw(ref reader),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.StartObject => "an object",
        _ => "nothing",
    };

    private static string Raw(ref Utf8JsonReader reader)
    {
        var text = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
        return text.Length <= ShownCharacters ? Encoding.UTF8.GetString(text) : $"{Encoding.UTF8.GetString(text[..ShownCharacters])}…";
    }

    private void ReadElements(ref Utf8JsonReader reader)
    {
        var rowStart = -1;
        var dense = tensor.Slot.Role == InputRole.Dense;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.Number:
                    flat |= rowStart < 0;
                    if (count >= tensor.Expected)
                    {
                        count++;
                    }
                    else if (dense)
                    {
                        ReadFloat(ref reader);
                    }
                    else
                    {
                        ReadInteger(ref reader);
                    }

                    break;
                case JsonTokenType.StartArray when rowStart < 0 && tensor.IsUniform:
                    nested = true;
                    rowStart = count;
                    break;
                case JsonTokenType.EndArray when rowStart >= 0:
                    EndRow(count - rowStart);
                    rowStart = -1;
                    break;
                case JsonTokenType.EndArray:
                    return;
                case JsonTokenType.StartArray:
                    tooDeep = true;
                    reader.Skip();
                    break;
                default:
                    flat |= rowStart < 0;
                    firstWrong ??= $"{tensor.At(count)}: found {Describe(ref reader)}, expected a number";
                    wrong++;
                    count++;
                    reader.Skip();
                    break;
            }
        }
    }

    private void EndRow(int length)
    {
        if (length != tensor.Slot.Width && badRow < 0)
        {
            badRow = (count - length) / tensor.Slot.Width;
            badRowLength = length;
        }
    }

    private void ReadFloat(ref Utf8JsonReader reader)
    {
        var value = reader.GetSingle();
        if (!float.IsFinite(value))
        {
            Outside(ref reader);
        }

        tensor.Floats[count++] = value;
    }

    private void ReadInteger(ref Utf8JsonReader reader)
    {
        if (!reader.TryGetInt64(out var value))
        {
            firstWrong ??= $"{tensor.At(count)}: found {Raw(ref reader)}, expected an integer from 0 to {tensor.Slot.Limit - 1}";
            wrong++;
        }
        else if ((ulong)value >= (ulong)tensor.Slot.Limit)
        {
            Outside(ref reader);
        }

        tensor.Integers[count++] = (int)value;
    }

    private void Outside(ref Utf8JsonReader reader)
    {
        if (outside++ == 0)
        {
            firstOutside = count;
            firstOutsideText = Raw(ref reader);
        }
    }

    private readonly void Report()
    {
        var before = problems.Count;
        var slot = tensor.Slot;
        if (tooDeep)
        {
            problems.Add($"{slot.Name}: found data nested deeper than its shape {tensor.Shape}");
        }
        else if (flat && nested)
        {
            problems.Add($"{slot.Name}: found data that mixes numbers and arrays, expected a flat array or one array a sample");
        }
        else if (count != tensor.Expected)
        {
            problems.Add($"{slot.Name}: found {count} values in data, expected {tensor.Expected} for shape {tensor.Shape}");
        }
        else if (badRow >= 0)
        {
            problems.Add($"{slot.Name}: found {badRowLength} values in row {badRow} of data, expected {slot.Width}");
        }

        if (firstWrong is not null)
        {
            problems.Add(wrong == 1 ? firstWrong : $"{firstWrong} ({wrong - 1} more like it)");
        }

        if (outside > 0)
        {
            problems.Add(slot.Role == InputRole.Dense
                ? tensor.NotFinite(firstOutside, firstOutsideText, outside - 1)
                : tensor.OutOfRange(firstOutside, firstOutsideText, outside - 1));
        }

        tensor.Faulty |= problems.Count > before;
    }
}
