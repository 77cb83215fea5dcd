namespace Rectune.Core.Models.Interactions;

/// <summary>
/// DIN as DeepRecSys runs it: behaviour i has a unit of its own, u = FC(FC([eᵢ, a, eᵢ + a])) with the candidate's vector a, ReLU after both layers; the units' outputs are
/// summed. <c>unfused</c> is that, some eight small operators a behaviour. The default computes all units at once from the same parameters: the first layer, one wide, is
/// eᵢ·(w₁ + w₃) + a·(w₂ + w₃) + b, so what concerns the candidate is one layer over all units and the rest one product with the behaviours.
/// </summary>
internal sealed class ActivationUnits : IInteraction
{
    public IReadOnlyList<string> Variants { get; } = [GraphVariants.Default, GraphVariants.Unfused];

    public Interaction Build(GraphBuilder graph, GraphValue? dense, ModelInputs inputs, string variant)
    {
        var candidate = inputs.Group("candidate");
        var behaviors = inputs.Group("behavior");
        var dim = candidate.Width;
        var count = behaviors.Width / dim;
        var interest = variant == GraphVariants.Unfused || inputs.Card.Attention is not [1]
            ? OneByOne(graph, candidate, behaviors, count, inputs.Card.Attention!)
            : AllAtOnce(graph, candidate, behaviors, count);
        return new Interaction(graph.Concat("interaction", inputs.Group("user"), interest, candidate, inputs.Group("context")));
    }

    private static GraphValue OneByOne(GraphBuilder graph, GraphValue candidate, GraphValue behaviors, int count, IReadOnlyList<int> hidden)
    {
        var dim = candidate.Width;
        var units = new GraphValue[count];
        for (var i = 0; i < count; i++)
        {
            var name = $"unit.{i}";
            var behavior = graph.Slice(name + ".behavior", behaviors, i * dim, (i + 1) * dim);
            var both = graph.Concat(name + ".input", behavior, candidate, graph.Add(name + ".sum", behavior, candidate));
            units[i] = graph.Stack(name, both, [.. hidden, dim], Activation.Relu, Activation.Relu);
        }

        return count == 1 ? units[0] : graph.Node("Sum", "interest", [dim], units);
    }

    private static GraphValue AllAtOnce(GraphBuilder graph, GraphValue candidate, GraphValue behaviors, int count)
    {
        var dim = candidate.Width;
        var first = (int unit) => new LinearShape($"unit.{unit}.0", 3 * dim, 1);
        var second = (int unit) => new LinearShape($"unit.{unit}.1", 1, dim);
        var own = graph.Derived("unit.own.weight", p => Joined(count, unit => Folded(p.Values(first(unit).Weight), 0, dim)), count, dim);
        var other = graph.Derived("unit.candidate.weight", p => Joined(count, unit => Folded(p.Values(first(unit).Weight), dim, dim)), count, dim);
        var hiddenBias = graph.Derived("unit.candidate.bias", p => Joined(count, unit => p.Values(first(unit).Bias)), count);
        var output = graph.Derived("unit.output.weight", p => Joined(count, unit => p.Values(second(unit).Weight)), count, dim);
        var outputBias = graph.Derived("unit.output.bias", p => Joined(count, unit => p.Values(second(unit).Bias)), count, dim);

        var weighted = graph.Multiply("unit.weighted", graph.Reshape("behaviors", behaviors, count, dim), own);
        var shared = graph.Node("Gemm", "unit.candidate", [count], [candidate, other, hiddenBias], GraphAttribute.Of("transB", 1L));
        var hidden = graph.Activate(graph.Add("unit.hidden", graph.Sum("unit.own", weighted, axis: -1), shared), Activation.Relu);
        var spread = graph.Multiply("unit.spread", graph.Reshape("unit.hidden.column", hidden, count, 1), output);
        return graph.Sum("interest", graph.Activate(graph.Add("unit.output", spread, outputBias), Activation.Relu), axis: -2);
    }

    /// <summary>The weights of one input and those of the sum that it is part of, added.</summary>
    private static float[] Folded(float[] weights, int from, int dim)
    {
        var folded = new float[dim];
        for (var d = 0; d < dim; d++)
        {
            folded[d] = weights[from + d] + weights[(2 * dim) + d];
        }

        return folded;
    }

    private static float[] Joined(int count, Func<int, float[]> part) => [.. Enumerable.Range(0, count).SelectMany(part)];
}
