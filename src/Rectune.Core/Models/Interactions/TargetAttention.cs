namespace Rectune.Core.Models.Interactions;

/// <summary>
/// DIN (Zhou et al., arXiv 1706.06978) in the form of the authors' later code: every step of the history meets the candidate in one unit
/// [q, k, q − k, q ⊙ k] → hidden layers (sigmoid) → 1, softmax over the steps in use, weighted sum. The top sees [user, q, Σk, q ⊙ Σk, attended].
/// </summary>
internal sealed class TargetAttention : IInteraction
{
    public IReadOnlyList<string> Variants { get; } = [GraphVariants.Default];

    public Interaction Build(GraphBuilder graph, GraphValue? dense, ModelInputs inputs, string variant)
    {
        var query = inputs.Group("candidate");
        var keys = inputs.Sequence("history");
        var weights = HistoryAttention.Weights(graph, query, keys, inputs.StepsInUse(keys.Extents[0]), inputs.Card.Attention!);
        var steps = keys.Extents[0];
        var attended = graph.MatMul("attended.row", graph.Reshape("attention.row", weights, 1, steps), keys);
        var sum = HistoryAttention.Sum(graph, keys);
        return new Interaction(graph.Concat(
            "interaction", inputs.Group("user"), query, sum, graph.Multiply("query.history", query, sum), graph.Reshape("attended", attended, keys.Width)));
    }
}
