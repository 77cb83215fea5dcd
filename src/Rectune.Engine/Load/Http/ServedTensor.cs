namespace Rectune.Engine.Load.Http;

/// <summary>An input of a served model, as the server's metadata has it: <c>[batch, …]</c>.</summary>
public sealed record ServedTensor
{
    public required string Name { get; init; }

    public required ElementKind Kind { get; init; }

    /// <summary>The dimensions behind the batch; none where a sample is one element and the tensor <c>[batch]</c>.</summary>
    public required IReadOnlyList<int> SampleShape { get; init; }

    /// <summary>Elements of a sample.</summary>
    public int Width => SampleShape.Aggregate(1, (product, dimension) => product * dimension);
}
