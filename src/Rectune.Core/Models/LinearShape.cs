namespace Rectune.Core.Models;

/// <summary>A fully connected layer without its activation: <c>y = W·x + b</c>, W <c>[outputs, inputs]</c>, over the last axis of x.</summary>
/// <param name="Name"><c>bottom.0</c>, <c>top.2</c>: the stack and the position in it.</param>
/// <param name="Inputs">Width in, as the parameters count it.</param>
/// <param name="Outputs">Width out.</param>
/// <param name="InputOrder">
/// For each element that the graph delivers, the input it stands for, −1 for one to be ignored; null where they are the inputs in order. Parameters are always in
/// the inputs' own order, so that a graph may compute them in the order that is fastest.
/// </param>
/// <param name="HasBias">False where b = 0 and no parameter.</param>
public sealed record LinearShape(string Name, int Inputs, int Outputs, int[]? InputOrder = null, bool HasBias = true)
{
    /// <summary>Spread of random weights and biases as the DeepRecSys benchmarks draw them: variances 2/(in + out) and 1/out.</summary>
    public ParameterShape Weight => new(Name + ".weight", [Outputs, Inputs], Math.Sqrt(2.0 / (Inputs + Outputs)));

    public ParameterShape Bias => new(Name + ".bias", [Outputs], Math.Sqrt(1.0 / Outputs));

    /// <summary>Weights <c>[outputs, delivered inputs]</c> in the graph's order.</summary>
    public float[] Reorder(float[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (InputOrder is null)
        {
            return weights;
        }

        var reordered = new float[Outputs * InputOrder.Length];
        for (var output = 0; output < Outputs; output++)
        {
            var from = weights.AsSpan(output * Inputs, Inputs);
            var to = reordered.AsSpan(output * InputOrder.Length, InputOrder.Length);
            for (var k = 0; k < InputOrder.Length; k++)
            {
                to[k] = InputOrder[k] < 0 ? 0 : from[InputOrder[k]];
            }
        }

        return reordered;
    }
}
