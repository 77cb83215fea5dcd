namespace Rectune.Core.Models.Interactions;

/// <summary>
/// DIEN (Zhou et al., arXiv 1809.03672) in the form of the authors' code (mouna99/dien): a GRU over the history, attention of the projected candidate over its states,
/// and a GRU whose update gate the attention scales (AUGRU). The top sees [user, q, Σk, q ⊙ Σk, final state]. In the code the update gate u keeps the old state and is
/// scaled by 1 − a; in the paper it lets the new one in and is scaled by a, so that steps without attention leave the state alone: another recurrence at the same cost.
/// </summary>
internal sealed class AttentionalGru : IInteraction
{
    public IReadOnlyList<string> Variants { get; } = [GraphVariants.Default];

    public Interaction Build(GraphBuilder graph, GraphValue? dense, ModelInputs inputs, string variant)
    {
        var hidden = inputs.Card.Recurrent!.Value;
        var query = inputs.Group("candidate");
        var history = inputs.Sequence("history");
        var interests = Recurrence.Gru(graph, "gru", history, hidden);
        var projected = graph.Linear("query.projected", query, hidden, Activation.PRelu);
        var used = inputs.StepsInUse(history.Extents[0]);
        var weights = HistoryAttention.Weights(graph, projected, interests, used, inputs.Card.Attention!);
        var evolved = Evolve(graph, interests, weights, used, hidden);
        var sum = HistoryAttention.Sum(graph, history);
        return new Interaction(graph.Concat("interaction", inputs.Group("user"), query, sum, graph.Multiply("query.history", query, sum), evolved));
    }

    /// <summary>Step by step: u = σ(…), r = σ(…), c = tanh(W_c·x + R_c·(r ⊙ h) + b_c), u' = (1 − aₜ)·u, h' = u' ⊙ h + (1 − u') ⊙ c; h stays beyond the end of a history.</summary>
    private static GraphValue Evolve(GraphBuilder graph, GraphValue interests, GraphValue weights, GraphValue used, int hidden)
    {
        var steps = interests.Extents[0];
        var inputs = graph.Linear("augru.input", interests, 3 * hidden, Activation.None);

        // h' = h + s·(1 − u')·(c − h) with s = 1 in use, 0 beyond: the mask costs one multiplication for all steps together.
        var open = graph.Constants("augru.one", [1], 1);
        var state = graph.Constants("augru.start", new float[hidden], 1, hidden) with { Extents = [hidden] };
        var gatesOfState = graph.Matrix("augru.gates", hidden, 2 * hidden);
        var candidateOfState = graph.Matrix("augru.candidate", hidden, hidden);
        for (var t = 0; t < steps; t++)
        {
            var name = $"augru.{t}";
            var x = graph.Reshape(name + ".input", graph.Slice(name + ".input.row", inputs, t, t + 1, axis: -2), 3 * hidden);
            var fromState = graph.MatMul(name + ".gates.state", state, gatesOfState);
            var gates = graph.Activate(graph.Add(name + ".gates.sum", graph.Slice(name + ".gates.input", x, 0, 2 * hidden), fromState), Activation.Sigmoid);
            var update = graph.Slice(name + ".update", gates, 0, hidden);
            var reset = graph.Slice(name + ".reset", gates, hidden, 2 * hidden);
            var gated = graph.MatMul(name + ".candidate.state", graph.Multiply(name + ".kept", reset, state), candidateOfState);
            var candidate = graph.Activate(graph.Add(name + ".candidate.sum", graph.Slice(name + ".candidate.input", x, 2 * hidden, 3 * hidden), gated), Activation.Tanh);
            var attention = graph.Slice(name + ".attention", weights, t, t + 1);
            var scaled = graph.Multiply(name + ".scaled", graph.Subtract(name + ".inattention", open, attention), update);
            var moved = graph.Multiply(name + ".moved", graph.Subtract(name + ".opened", open, scaled), graph.Subtract(name + ".change", candidate, state));
            state = graph.Add(name, state, graph.Multiply(name + ".inUse", graph.Slice(name + ".used", used, t, t + 1), moved));
        }

        return state;
    }
}
