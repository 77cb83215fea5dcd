namespace Rectune.Core.Models.Interactions;

/// <summary>Low-rank cross layers over the concatenation: x' = x₀ ⊙ (U·(V·x) + b) + x (Wang et al., DCN-V2, arXiv 2008.13535, section 3.2).</summary>
internal sealed class CrossInteraction : IInteraction
{
    public IReadOnlyList<string> Variants { get; } = [GraphVariants.Default];

    public Interaction Build(GraphBuilder graph, GraphValue? dense, ModelInputs inputs, string variant)
    {
        var shape = inputs.Card.Cross!;
        var first = new ConcatInteraction().Build(graph, dense, inputs, variant).Value;
        var x = first;
        for (var i = 0; i < shape.Layers; i++)
        {
            var name = $"cross.{i}";
            var inner = graph.Projection(name + ".v", x, shape.Rank);
            var outer = graph.Linear(name + ".u", inner, first.Width, Activation.None);
            x = graph.Add(name, graph.Multiply(name + ".gated", first, outer), x);
        }

        return new Interaction(x);
    }
}
