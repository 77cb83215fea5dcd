using Rectune.Core.Domain;

namespace Rectune.Core.Models;

/// <summary>The inputs of a model's graph, cut into the pieces that interactions work on.</summary>
public sealed class ModelInputs
{
    private readonly GraphBuilder graph;
    private readonly GraphValue pooled;

    public ModelInputs(GraphBuilder graph, VectorLayout layout)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(layout);
        this.graph = graph;
        Layout = layout;
        Dense = Card.DenseFeatures > 0 ? graph.Input(DenseTensors.Dense, Card.DenseFeatures) : null;
        pooled = graph.Input(DenseTensors.Pooled, layout.Width);
    }

    public VectorLayout Layout { get; }

    public ModelCard Card => Layout.Card;

    /// <summary><c>[dense features]</c>; null where the model has none.</summary>
    public GraphValue? Dense { get; }

    /// <summary>All vectors side by side, <c>[sum of dims]</c>.</summary>
    public GraphValue Vectors() => graph.Slice("vectors", pooled, 0, Layout.StepsColumn ?? Layout.Width);

    /// <summary>The vectors of a group's features side by side, <c>[sum of dims]</c>; where a feature has several representations, those of a feature together.</summary>
    public GraphValue Group(string group)
    {
        var slots = SlotsOf(group);
        var together = slots.Zip(slots.Skip(1)).All(pair => pair.First.Column + pair.First.Elements == pair.Second.Column);
        return together
            ? graph.Slice(group, pooled, slots[0].Column, slots[^1].Column + slots[^1].Elements)
            : graph.Concat(group, [.. slots.Select(slot => graph.Slice($"{group}.{slot.Column}", pooled, slot.Column, slot.Column + slot.Elements))]);
    }

    /// <summary>The sequences of a group's features joined step by step, <c>[steps, sum of dims]</c>, in the order of <see cref="Group"/>.</summary>
    public GraphValue Sequence(string group)
    {
        var parts = SlotsOf(group).Select(slot =>
        {
            // Not the feature's name, which may be that of any other node.
            var name = $"{group}.{slot.Column}";
            return graph.Reshape(name, graph.Slice(name + ".flat", pooled, slot.Column, slot.Column + slot.Elements), slot.Steps, slot.Dim);
        });
        return graph.Concat(group, [.. parts]);
    }

    /// <summary><c>[steps]</c>: 1 where a step is in use, 0 beyond the end of a sample's sequence.</summary>
    public GraphValue StepsInUse(int steps)
    {
        var column = Layout.StepsColumn!.Value;
        var count = graph.Slice("steps", pooled, column, column + 1);

        // clamp(count − t, 0, 1) with t = 0 … steps − 1: exact for whole numbers, and cheaper than comparing and casting.
        var left = graph.Node("Sub", "steps.left", [steps], [count, graph.Constants("steps.index", [.. Enumerable.Range(0, steps).Select(step => (float)step)], steps)]);
        return graph.Node("HardSigmoid", "steps.inUse", [steps], [left], GraphAttribute.Of("alpha", 1f), GraphAttribute.Of("beta", 0f));
    }

    private VectorSlot[] SlotsOf(string group) => [.. Layout.Slots.Where(slot => Card.Sparse[slot.Feature].Group == group).OrderBy(slot => slot.Feature)];
}
