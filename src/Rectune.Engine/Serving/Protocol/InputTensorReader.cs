using System.Text.Json;

namespace Rectune.Engine.Serving.Protocol;

/// <summary>Reads the elements of <c>inputs</c>: header first, then the data, in JSON or from the raw part of the body.</summary>
internal sealed class InputTensorReader(InferRequest request)
{
    private readonly TensorHeaderReader headers = new(request);

    private long binaryNext;
    private bool hasBinary;

    /// <summary>Set when a raw part's size was unusable: what follows it in the body cannot be found.</summary>
    private bool binaryLost;

    private ProblemList Problems => request.Problems;

    /// <param name="binaryStart">Where the raw tensors begin in the body.</param>
    /// <param name="mayBeBinary">Whether the request said where its JSON part ends.</param>
    public void Reset(int binaryStart, bool mayBeBinary)
    {
        binaryNext = binaryStart;
        hasBinary = mayBeBinary;
        binaryLost = false;
    }

    /// <param name="reader">On an element of <c>inputs</c>; left on its last token.</param>
    public void Read(ref Utf8JsonReader reader, int index)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Problems.Add($"inputs[{index}]: found {JsonTensorData.Describe(ref reader)}, expected an object");
            reader.Skip();
            return;
        }

        var header = new TensorHeader(index);
        InputTensor? tensor = null;
        var decoded = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = TensorHeaderReader.Key(ref reader);
            reader.Read();
            if ((header.Seen & key) != TensorHeader.Keys.None)
            {
                Problems.Add($"inputs[{index}]: '{key.ToString().ToLowerInvariant()}' given twice");
                reader.Skip();
                continue;
            }

            if (key == TensorHeader.Keys.Data && (header.Seen & TensorHeader.Keys.BeforeData) == TensorHeader.Keys.BeforeData)
            {
                decoded = true;
                tensor = TensorAdmission.Admit(request, in header);
                ReadData(ref reader, tensor);
            }
            else
            {
                headers.Read(ref reader, key, ref header);
            }

            header.Seen |= key;
        }

        tensor = decoded ? tensor : TensorAdmission.Admit(request, in header);
        var hasData = (header.Seen & TensorHeader.Keys.Data) != TensorHeader.Keys.None;
        if (hasData && !decoded)
        {
            ReadData(ref header.Data, tensor);
        }

        if (header.BinaryBytes >= 0)
        {
            ReadBinary(header.BinaryBytes, tensor, index, hasData);
        }
        else if (header.BinaryIsInvalid)
        {
            binaryLost = true;
        }
        else if (!hasData && tensor is not null)
        {
            tensor.Faulty = true;
            Problems.Add($"{tensor.Slot.Name}: found neither 'data' nor 'parameters.binary_data_size', expected one");
        }
    }

    /// <summary>Reports raw bytes that no tensor claimed.</summary>
    public void CheckAllUsed()
    {
        var left = request.Body.Length - binaryNext;
        if (left > 0 && !binaryLost)
        {
            Problems.Add($"body: found {left} bytes after the last tensor, expected the sum of binary_data_size to reach the end");
        }
    }

    private void ReadData(ref Utf8JsonReader reader, InputTensor? tensor)
    {
        if (tensor is null)
        {
            reader.Skip();
        }
        else
        {
            JsonTensorData.Read(ref reader, tensor, Problems);
        }
    }

    private void ReadBinary(long bytes, InputTensor? tensor, int index, bool hasData)
    {
        var label = tensor?.Slot.Name ?? $"inputs[{index}]";
        if (!hasBinary)
        {
            Problems.Add($"{label}: found binary_data_size without the header Inference-Header-Content-Length, expected both or neither");
            binaryLost = true;
        }
        else if (hasData)
        {
            Problems.Add($"{label}: found both 'data' and 'parameters.binary_data_size', expected one");
            binaryLost = true;
        }
        else if (binaryLost || bytes > request.Body.Length - binaryNext)
        {
            if (!binaryLost)
            {
                Problems.Add($"{label}: found {request.Body.Length - binaryNext} bytes left in the body, expected its binary_data_size {bytes}");
            }

            binaryLost = true;
        }
        else
        {
            var start = (int)binaryNext;
            binaryNext += bytes;
            if (tensor is null)
            {
                return;
            }

            var expected = (long)tensor.Expected * TensorDatatypes.Bytes(tensor.Datatype);
            if (bytes == expected)
            {
                tensor.RawStart = start;
                BinaryTensorData.Read(request.Body.Span.Slice(start, (int)bytes), tensor, Problems);
                return;
            }

            Problems.Add($"{label}: found binary_data_size {bytes}, expected {expected} for {TensorDatatypes.Text(tensor.Datatype)} {tensor.Shape}");
        }

        if (tensor is not null)
        {
            tensor.Faulty = true;
        }
    }
}
