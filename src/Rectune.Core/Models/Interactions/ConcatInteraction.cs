namespace Rectune.Core.Models.Interactions;

/// <summary>Dense vector and embeddings side by side.</summary>
internal sealed class ConcatInteraction : IInteraction
{
    public IReadOnlyList<string> Variants { get; } = [GraphVariants.Default];

    public Interaction Build(GraphBuilder graph, GraphValue? dense, ModelInputs inputs, string variant) =>
        new(dense is null ? inputs.Vectors() : graph.Concat("interaction", dense, inputs.Vectors()));
}
