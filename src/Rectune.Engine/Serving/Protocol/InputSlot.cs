namespace Rectune.Engine.Serving.Protocol;

/// <summary>One tensor that a request may carry.</summary>
public sealed record InputSlot
{
    public required string Name { get; init; }

    public required InputRole Role { get; init; }

    /// <summary>Index of the sparse feature in the card; −1 for the dense input.</summary>
    public required int Feature { get; init; }

    /// <summary>Elements of a sample: dense features, or the largest bag.</summary>
    public required int Width { get; init; }

    /// <summary>Integers run from 0 to <c>Limit − 1</c>; unused for the dense input.</summary>
    public required long Limit { get; init; }

    /// <summary>Most elements that the tensor can hold.</summary>
    public required int MaxElements { get; init; }

    public bool Accepts(TensorDatatype datatype) =>
        datatype != TensorDatatype.None && TensorDatatypes.IsFloat(datatype) == (Role == InputRole.Dense);

    /// <summary>Datatype and shape for messages. <paramref name="batch"/> is a number or the word <c>batch</c>.</summary>
    public string Expected(string batch) => Role switch
    {
        InputRole.Dense => $"FP32 [{batch},{Width}]",
        InputRole.Ids => $"INT64 [{batch},{Width}], or [n] beside '{Name}{InputLayout.OffsetsSuffix}'",
        _ => $"INT64 [{(batch == "batch" ? "batch+1" : $"{batch}+1")}]",
    };
}
