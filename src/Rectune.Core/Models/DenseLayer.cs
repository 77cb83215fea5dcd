namespace Rectune.Core.Models;

/// <summary>One fully connected layer: <c>y = activation(W·x + b)</c>, W <c>[outputs, inputs]</c>.</summary>
/// <param name="Name"><c>bottom.0</c>, <c>top.2</c>: the stack and the position in it.</param>
/// <param name="Inputs">Width in.</param>
/// <param name="Outputs">Width out.</param>
/// <param name="Activation">What follows.</param>
public sealed record DenseLayer(string Name, int Inputs, int Outputs, Activation Activation)
{
    /// <summary>Weights and biases.</summary>
    public long Parameters => ((long)Inputs * Outputs) + Outputs;

    /// <summary>Of one sample: a multiplication and an addition for each weight.</summary>
    public long Flops => 2L * Inputs * Outputs;
}
