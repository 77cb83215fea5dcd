namespace Rectune.Core.Models.Interactions;

/// <summary>How dense features and embeddings meet. One class an architecture.</summary>
internal interface IInteraction
{
    /// <summary>Names of the equivalent graphs, the fastest known first; the last is the one whose work is counted, the form of the source.</summary>
    IReadOnlyList<string> Variants { get; }

    /// <param name="graph">Receives the operators.</param>
    /// <param name="dense">The bottom MLP's output, or the dense features themselves where there is none; null without dense features.</param>
    /// <param name="inputs">The embeddings.</param>
    /// <param name="variant">One of <see cref="Variants"/>.</param>
    Interaction Build(GraphBuilder graph, GraphValue? dense, ModelInputs inputs, string variant);
}
