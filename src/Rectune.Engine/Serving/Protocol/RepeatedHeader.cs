namespace Rectune.Engine.Serving.Protocol;

/// <summary>
/// The JSON part of the last good request whose tensors followed it raw: a client whose queries are of one size, and carry no ids of their own, sends the same again and again, and reading it takes longer than reading the tensors. Only where every sample owns as many
/// ids as the card says, so that all that can differ is in the elements.
/// </summary>
internal sealed class RepeatedHeader(InferRequest request)
{
    /// <summary>What is longer is read anew: it is no request of many, and would be kept for each of those under way.</summary>
    private const int MostBytes = 16 << 10;

    private byte[] bytes = [];
    private int length;
    private int bodyLength;

    public long RetainedBytes => bytes.Length;

    /// <summary>Remembers a request that was found good.</summary>
    /// <param name="jsonBytes">Of its JSON part; null where it has no other.</param>
    public void Keep(long? jsonBytes)
    {
        Forget();
        if (jsonBytes is not (> 0 and <= MostBytes))
        {
            return;
        }

        foreach (var input in request.Inputs)
        {
            if (input.Given && (!input.IsUniform || input.RawStart < 0))
            {
                return;
            }
        }

        var header = request.Body.Span[..(int)jsonBytes];
        if (bytes.Length < header.Length)
        {
            bytes = new byte[header.Length];
        }

        header.CopyTo(bytes);
        (length, bodyLength) = (header.Length, request.Body.Length);
    }

    public void Forget() => length = 0;

    /// <summary>Reads the tensors of a request with the same JSON part; false where it has another, or where a tensor has a fault, which is for the whole reader to tell.</summary>
    public bool TryRead(long? jsonBytes)
    {
        var body = request.Body.Span;
        if (length == 0 || jsonBytes != length || body.Length != bodyLength || !body[..length].SequenceEqual(bytes.AsSpan(0, length)))
        {
            return false;
        }

        foreach (var input in request.Inputs)
        {
            if (input.Given && !BinaryTensorData.TryRead(body.Slice(input.RawStart, input.Expected * TensorDatatypes.Bytes(input.Datatype)), input))
            {
                return false;
            }
        }

        return true;
    }
}
