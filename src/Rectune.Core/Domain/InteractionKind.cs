namespace Rectune.Core.Domain;

/// <summary>How the bottom MLP's output and the embeddings meet.</summary>
public enum InteractionKind
{
    /// <summary>Every pairwise dot product below the diagonal, after the bottom MLP's output (DLRM, arXiv 1906.00091).</summary>
    Dot,

    /// <summary>Plain concatenation.</summary>
    Concat,

    /// <summary>Concatenation, then low-rank cross layers x' = x₀ ⊙ (U·V·x + b) + x (DCN-V2, arXiv 2008.13535).</summary>
    Cross,

    /// <summary>
    /// Groups <c>mf</c> (summed element by element) and <c>mlp</c> (concatenated, through the bottom MLP), side by side: NeuMF (arXiv 1708.05031) as DeepRecSys runs it.
    /// </summary>
    NeuMf,

    /// <summary>A unit with weights of its own for every behaviour; groups <c>user</c>, <c>behavior</c>, <c>candidate</c>, <c>context</c>: DIN as DeepRecSys runs it.</summary>
    ActivationUnits,

    /// <summary>Attention of the candidate over a history, one unit for all steps; groups <c>user</c>, <c>candidate</c>, <c>history</c>: DIN (arXiv 1706.06978).</summary>
    TargetAttention,

    /// <summary>Two tanh RNNs over the behaviours with a gate between; groups as in <see cref="ActivationUnits"/>: DIEN as DeepRecSys runs it.</summary>
    RecurrentAttention,

    /// <summary>GRU over a history, attention of the candidate, GRU whose update gate the attention scales; groups as in <see cref="TargetAttention"/>: DIEN (arXiv 1809.03672).</summary>
    AttentionalGru,

    /// <summary>Whatever the graph of a model file does; only in cards made from such a file.</summary>
    Onnx,
}
