namespace Rectune.Core.Domain;

/// <summary>How the bottom MLP's output and the pooled embeddings meet.</summary>
public enum InteractionKind
{
    /// <summary>Every pairwise dot product below the diagonal, after the bottom MLP's output (DLRM, arXiv 1906.00091).</summary>
    Dot,

    /// <summary>Plain concatenation.</summary>
    Concat,
}
