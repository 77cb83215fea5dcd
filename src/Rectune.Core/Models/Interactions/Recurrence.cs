namespace Rectune.Core.Models.Interactions;

/// <summary>Recurrent layers, batch first on the outside: <c>[steps, inputs]</c> → <c>[steps, hidden]</c> a sample.</summary>
internal static class Recurrence
{
    /// <summary>
    /// hₜ = tanh(W·xₜ + b + R·hₜ₋₁ + c), h₀ = 0. Written out step by step: the inputs of all steps in one product, then a product and a tanh a step, which ONNX Runtime
    /// computes several times faster than its own RNN operator.
    /// </summary>
    public static GraphValue Rnn(GraphBuilder graph, string name, GraphValue x, int hidden)
    {
        var (steps, inputs) = (x.Extents[0], x.Width);
        var (input, state) = Shapes(name, inputs, hidden, gates: 1);
        Count(graph, input, state, steps);
        var w = graph.Derived(name + ".w", p => Matrices.Transpose(p.Values(input.Weight), hidden, inputs), inputs, hidden);
        var b = graph.Derived(name + ".b", p => [.. p.Values(input.Bias).Zip(p.Values(state.Bias), (left, right) => left + right)], hidden);
        var r = graph.Derived(name + ".r", p => p.Values(state.Weight), hidden, hidden);
        var projected = graph.Add(name + ".projected", graph.Node("MatMul", name + ".product", [steps, hidden], [x, w]), b);
        var flat = graph.Reshape(name + ".flat", projected, steps * hidden);
        var states = new GraphValue[steps];
        for (var t = 0; t < steps; t++)
        {
            var own = graph.Slice($"{name}.{t}.input", flat, t * hidden, (t + 1) * hidden);
            var sum = t == 0 ? own : graph.Node("Gemm", $"{name}.{t}.sum", [hidden], [states[t - 1], r, own], GraphAttribute.Of("transB", 1L));
            states[t] = graph.Activate(sum, Activation.Tanh);
        }

        return graph.Reshape(name, graph.Concat(name + ".states", states), steps, hidden);
    }

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
        Count(graph, input, state, steps);
        var w = graph.Derived(name + ".w", p => p.Values(input.Weight), 1, gates * hidden, inputs);
        var r = graph.Derived(name + ".r", p => p.Values(state.Weight), 1, gates * hidden, hidden);
        var b = graph.Derived(name + ".b", p => [.. p.Values(input.Bias), .. p.Values(state.Bias)], 1, 2 * gates * hidden);

        // The operator wants steps first: [steps, batch, inputs] in, [steps, 1, batch, hidden] out.
        var stepsFirst = graph.Node("Transpose", name + ".stepsFirst", [inputs], [x], GraphAttribute.Of("perm", 1L, 0L, 2L));
        var states = graph.Node(operatorType, name + ".states", [1, steps, hidden], [stepsFirst, w, r, b], GraphAttribute.Of("hidden_size", (long)hidden));
        var batchFirst = graph.Node("Transpose", name + ".batchFirst", [steps, 1, hidden], [states], GraphAttribute.Of("perm", 2L, 0L, 1L, 3L));
        return graph.Reshape(name, batchFirst, steps, hidden);
    }

    private static void Count(GraphBuilder graph, LinearShape input, LinearShape state, int steps)
    {
        graph.CountParameters(input.Weight.Elements + input.Bias.Elements + state.Weight.Elements + state.Bias.Elements);
        graph.CountFlops(2L * steps * (input.Weight.Elements + state.Weight.Elements));
    }
}
