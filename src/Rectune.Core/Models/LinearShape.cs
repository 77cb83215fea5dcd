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
/// <param name="Normalized">Batch normalisation follows: <c>y' = γ·(y − μ) / √(σ² + ε) + β</c> (Ioffe and Szegedy, arXiv 1502.03167), at inference a factor and a term an output.</param>
public sealed record LinearShape(string Name, int Inputs, int Outputs, int[]? InputOrder = null, bool HasBias = true, bool Normalized = false)
{
    /// <summary>ε of the normalisation.</summary>
    public const float Epsilon = 1e-5f;

    /// <summary>Spread of random weights and biases as the DeepRecSys benchmarks draw them: variances 2/(in + out) and 1/out.</summary>
    public ParameterShape Weight => new(Name + ".weight", [Outputs, Inputs], Math.Sqrt(2.0 / (Inputs + Outputs)));

    public ParameterShape Bias => new(Name + ".bias", [Outputs], Math.Sqrt(1.0 / Outputs));

    public ParameterShape Gamma => new(Name + ".gamma", [Outputs], Deviation: 0, Constant: 1);

    public ParameterShape Beta => new(Name + ".beta", [Outputs], Math.Sqrt(1.0 / Outputs));

    public ParameterShape Mean => new(Name + ".mean", [Outputs], Math.Sqrt(1.0 / Outputs));

    public ParameterShape Variance => new(Name + ".variance", [Outputs], Deviation: 0, Constant: 1);

    /// <summary>Weights <c>[outputs, delivered inputs]</c> in the graph's order and biases <c>[outputs]</c>, with the normalisation folded in.</summary>
    public (float[] Weights, float[] Biases) Folded(IParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var weights = parameters.Values(Weight);
        var biases = HasBias ? parameters.Values(Bias) : new float[Outputs];
        if (Normalized)
        {
            (weights, biases) = ([.. weights], [.. biases]);
            var (gamma, beta) = (parameters.Values(Gamma), parameters.Values(Beta));
            var (mean, variance) = (parameters.Values(Mean), parameters.Values(Variance));
            for (var output = 0; output < Outputs; output++)
            {
                var factor = gamma[output] / MathF.Sqrt(variance[output] + Epsilon);
                biases[output] = (factor * (biases[output] - mean[output])) + beta[output];
                foreach (ref var weight in weights.AsSpan(output * Inputs, Inputs))
                {
                    weight *= factor;
                }
            }
        }

        return (Reorder(weights), biases);
    }

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
