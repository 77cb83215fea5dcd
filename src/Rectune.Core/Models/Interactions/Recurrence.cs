namespace Rectune.Core.Models.Interactions;

/// <summary>Recurrent layers, batch first on the outside: <c>[steps, inputs]</c> → <c>[steps, hidden]</c> a sample.</summary>
internal static class Recurrence
{
    /// <summary>hₜ = tanh(W·xₜ + b + R·hₜ₋₁ + c), h₀ = 0.</summary>
    public static GraphValue Rnn(GraphBuilder graph, string name, GraphValue x, int hidden) => Layer(graph, "RNN", name, x, hidden, gates: 1);

    /// <summary>
    /// z = σ(W_z·x + R_z·h + b_z), r = σ(W_r·x + R_r·h + b_r), c = tanh(W_c·x + R_c·(r ⊙ h) + b_c), h' = z ⊙ h + (1 − z) ⊙ c (Cho et al., arXiv 1406.1078);
    /// gates in this order in the parameters.
    /// </summary>
    public static GraphValue Gru(GraphBuilder graph, string name, GraphValue x, int hidden) => Layer(graph, "GRU", name, x, hidden, gates: 3);

    /// <summary>Input weights <c>[gates · hidden, inputs]</c>, state weights <c>[gates · hidden, hidden]</c>, each with a bias.</summary>
    public static (LinearShape Input, LinearShape State) Shapes(string name, int inputs, int hidden, int gates) =>
        (new LinearShape(name + ".input", inputs, gates * hidden), new LinearShape(name + ".state", hidden, gates * hidden));

    private static GraphValue Layer(GraphBuilder graph, string operatorType, string name, GraphValue x, int hidden, int gates)
    {
        var (steps, inputs) = (x.Extents[0], x.Width);
        var (input, state) = Shapes(name, inputs, hidden, gates);
        graph.CountParameters(input.Weight.Elements + input.Bias.Elements + state.Weight.Elements + state.Bias.Elements);
        graph.CountFlops(2L * steps * (input.Weight.Elements + state.Weight.Elements));
        var w = graph.Derived(name + ".w", p => p.Values(input.Weight), 1, gates * hidden, inputs);
        var r = graph.Derived(name + ".r", p => p.Values(state.Weight), 1, gates * hidden, hidden);
        var b = graph.Derived(name + ".b", p => [.. p.Values(input.Bias), .. p.Values(state.Bias)], 1, 2 * gates * hidden);

        // The operator wants steps first: [steps, batch, inputs] in, [steps, 1, batch, hidden] out.
        var stepsFirst = graph.Node("Transpose", name + ".stepsFirst", [inputs], [x], GraphAttribute.Of("perm", 1L, 0L, 2L));
        var states = graph.Node(operatorType, name + ".states", [1, steps, hidden], [stepsFirst, w, r, b], GraphAttribute.Of("hidden_size", (long)hidden));
        var batchFirst = graph.Node("Transpose", name + ".batchFirst", [steps, 1, hidden], [states], GraphAttribute.Of("perm", 2L, 0L, 1L, 3L));
        return graph.Reshape(name, batchFirst, steps, hidden);
    }
}
