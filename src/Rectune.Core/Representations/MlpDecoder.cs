using Rectune.Core.Models;

namespace Rectune.Core.Representations;

/// <summary>Fully connected layers, the last without an activation (DHE's decoder).</summary>
/// <param name="Hidden">Widths of the hidden layers.</param>
/// <param name="Activation">After every hidden layer.</param>
/// <param name="Normalized">Hidden layers are batch-normalised; at inference that is a factor and a term an output, folded into weights and biases.</param>
public sealed record MlpDecoder(IReadOnlyList<int> Hidden, Activation Activation, bool Normalized) : IVectorDecoder
{
    public GraphValue Build(GraphBuilder graph, string name, GraphValue input, int dim)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(input);
        var x = input;
        for (var i = 0; i < Hidden.Count; i++)
        {
            x = graph.Linear($"{name}.decoder.{i}", x, Hidden[i], Activation, normalized: Normalized);
        }

        return graph.Linear($"{name}.decoder.{Hidden.Count}", x, dim, Models.Activation.None);
    }
}
