namespace Rectune.Core.Models;

/// <summary>Parameters of one fully connected layer. Shared and read-only once filled.</summary>
/// <param name="Layer">The layer they belong to.</param>
/// <param name="Weights"><c>[outputs, inputs]</c>, row by row.</param>
/// <param name="Biases"><c>[outputs]</c>.</param>
public sealed record LayerWeights(DenseLayer Layer, float[] Weights, float[] Biases);
