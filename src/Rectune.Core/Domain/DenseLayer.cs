namespace Rectune.Core.Domain;

/// <summary>Weights of one fully connected layer: y = W x + b.</summary>
public sealed record DenseLayer
{
    /// <summary>Such as <c>bottom.0</c>, <c>top.2</c>.</summary>
    public required string Name { get; init; }

    public required int Inputs { get; init; }

    public required int Outputs { get; init; }

    /// <summary><c>[outputs, inputs]</c>, row by row.</summary>
    public required float[] Weights { get; init; }

    /// <summary><c>[outputs]</c>.</summary>
    public required float[] Bias { get; init; }
}
