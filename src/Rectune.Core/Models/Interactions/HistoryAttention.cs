namespace Rectune.Core.Models.Interactions;

/// <summary>What DIN and DIEN share: attention of a candidate over the steps of a history.</summary>
internal static class HistoryAttention
{
    /// <summary>Far enough below any score that its softmax is 0 in fp32.</summary>
    private const float Never = -1e9f;

    /// <summary>Attention weights <c>[steps]</c>, 0 beyond the end of the history and summing to 1 where it has any step.</summary>
    /// <param name="query"><c>[dim]</c></param>
    /// <param name="keys"><c>[steps, dim]</c></param>
    /// <param name="used"><c>[steps]</c>: 1 in use, 0 beyond the end.</param>
    /// <param name="hidden">Widths of the unit's hidden layers.</param>
    public static GraphValue Weights(GraphBuilder graph, GraphValue query, GraphValue keys, GraphValue used, IReadOnlyList<int> hidden)
    {
        var (steps, dim) = (keys.Extents[0], keys.Width);
        var row = graph.Reshape("query.row", query, 1, dim);
        var spread = graph.Node("Expand", "query.spread", [steps, dim], [row, graph.Integers("query.spread.shape", [1, steps, dim])]);
        var unit = graph.Concat("unit.input", spread, keys, graph.Subtract("unit.difference", spread, keys), graph.Multiply("unit.product", spread, keys));
        var scores = graph.Stack("unit", unit, [.. hidden, 1], Activation.Sigmoid, Activation.None);
        var floor = graph.Multiply("attention.floor", graph.Subtract("attention.unused", used, graph.Constants("one", [1], 1)), graph.Constants("never", [-Never], 1));
        var masked = graph.Add("attention.masked", graph.Reshape("attention.scores", scores, steps), floor);
        return graph.Softmax(masked, axis: -1);
    }

    /// <summary>Σ of the steps in use, <c>[dim]</c>: steps beyond the end are zeros in the input.</summary>
    public static GraphValue Sum(GraphBuilder graph, GraphValue history) => graph.Sum("history.sum", history, axis: -2);
}
