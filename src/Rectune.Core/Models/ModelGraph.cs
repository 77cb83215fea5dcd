using Rectune.Core.Domain;
using Rectune.Core.Models.Interactions;

namespace Rectune.Core.Models;

/// <summary>
/// Builds the dense part of a model: inputs <c>dense [batch, dense features]</c> (where it has any) and <c>pooled [batch, layout width]</c>, output
/// <c>score [batch, outputs]</c>.
/// </summary>
public static class ModelGraph
{
    /// <summary>Equivalent graphs of a card's model, the fastest known first.</summary>
    public static IReadOnlyList<string> Variants(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        return card.Graph is null ? InteractionCatalog.Of(card.Interaction).Variants : [GraphVariants.Default];
    }

    /// <summary>Adds the whole model to <paramref name="graph"/>.</summary>
    /// <param name="layout">What the <c>pooled</c> input holds.</param>
    /// <param name="variant">One of <see cref="Variants"/>.</param>
    /// <returns>The score; its width is the number of outputs a sample.</returns>
    public static GraphValue Build(VectorLayout layout, string variant, GraphBuilder graph)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(graph);
        var card = layout.Card;
        var inputs = new ModelInputs(graph, layout);
        var dense = inputs.Dense;
        if (dense is not null)
        {
            dense = graph.Stack("bottom", dense, card.BottomMlp, Activation.Relu, Activation.Relu);
        }

        var joined = InteractionCatalog.Of(card.Interaction).Build(graph, dense, inputs, variant);
        var last = Last(card.Output);
        var x = joined.Value;
        for (var i = 0; i < card.TopMlp.Count; i++)
        {
            var activation = i + 1 < card.TopMlp.Count || card.Heads is not null ? Activation.Relu : last;
            x = i == 0
                ? graph.Linear("top.0", x, card.TopMlp[0], activation, joined.Order, joined.Width)
                : graph.Linear($"top.{i}", x, card.TopMlp[i], activation);
        }

        if (card.Heads is { } heads)
        {
            var shared = x;
            x = graph.Concat("heads", [.. Enumerable.Range(0, heads.Tasks).Select(task => graph.Stack($"head.{task}", shared, heads.Mlp, Activation.Relu, last))]);
        }

        graph.Output(x, DenseTensors.Score);
        return x;
    }

    private static Activation Last(OutputKind output) => output switch
    {
        OutputKind.Sigmoid => Activation.Sigmoid,
        OutputKind.Softmax => Activation.Softmax,
        _ => Activation.None,
    };
}
