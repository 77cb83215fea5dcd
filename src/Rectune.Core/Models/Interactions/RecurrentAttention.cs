namespace Rectune.Core.Models.Interactions;

/// <summary>
/// DIEN as DeepRecSys runs it: a tanh RNN over the behaviours, a layer and a softmax over its features at every step, added to the RNN's outputs, a second tanh
/// RNN whose last state joins user, candidate and context.
/// </summary>
internal sealed class RecurrentAttention : IInteraction
{
    public IReadOnlyList<string> Variants { get; } = [GraphVariants.Default];

    public Interaction Build(GraphBuilder graph, GraphValue? dense, ModelInputs inputs, string variant)
    {
        var hidden = inputs.Card.Recurrent!.Value;
        var candidate = inputs.Group("candidate");
        var behaviors = inputs.Group("behavior");
        var steps = behaviors.Width / candidate.Width;
        var sequence = graph.Reshape("behaviors", behaviors, steps, candidate.Width);
        var first = Recurrence.Rnn(graph, "rnn.0", sequence, hidden);
        var gate = graph.Linear("attention", first, hidden, Activation.Softmax);
        var second = Recurrence.Rnn(graph, "rnn.1", graph.Add("attended", first, gate), hidden);
        var last = graph.Reshape("state", graph.Slice("state.row", second, steps - 1, steps, axis: -2), hidden);
        return new Interaction(graph.Concat("interaction", inputs.Group("user"), last, candidate, inputs.Group("context")));
    }
}
