namespace Rectune.Core.Models.Interactions;

/// <summary>
/// [Σ of the <c>mf</c> vectors ‖ MLP of the <c>mlp</c> vectors]. The paper multiplies the <c>mf</c> vectors (arXiv 1708.05031, equation 3); DeepRecSys, whose shapes
/// the zoo has, adds them.
/// </summary>
internal sealed class NeuMfInteraction : IInteraction
{
    public IReadOnlyList<string> Variants { get; } = [GraphVariants.Default];

    public Interaction Build(GraphBuilder graph, GraphValue? dense, ModelInputs inputs, string variant)
    {
        var card = inputs.Card;
        var factors = card.Sparse.Count(feature => feature.Group == "mf");
        var mf = inputs.Group("mf");
        var sum = factors == 1 ? mf : graph.Sum("mf.sum", graph.Reshape("mf.stacked", mf, factors, mf.Width / factors), axis: -2);
        var mlp = graph.Stack("bottom", inputs.Group("mlp"), card.BottomMlp, Activation.Relu, Activation.Relu);
        return new Interaction(graph.Concat("interaction", sum, mlp));
    }
}
