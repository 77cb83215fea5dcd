namespace Rectune.Core.Domain;

/// <summary>A recommender's architecture as a file (<c>rectune.card/1</c>): everything needed to build, size and load it.</summary>
public sealed record ModelCard
{
    public const string SchemaName = "rectune.card/1";

    public required string Schema { get; init; }

    /// <summary>Short name, such as <c>dlrm</c>.</summary>
    public required string Name { get; init; }

    public required string Description { get; init; }

    /// <summary>Where the shape comes from.</summary>
    public required string Source { get; init; }

    /// <summary>Width of the dense input; its tensor is named <c>dense</c>, <c>[batch, width]</c>.</summary>
    public required int DenseFeatures { get; init; }

    public required IReadOnlyList<SparseFeature> Sparse { get; init; }

    /// <summary>Output widths of the bottom MLP's layers, each followed by ReLU.</summary>
    public required IReadOnlyList<int> BottomMlp { get; init; }

    public required InteractionKind Interaction { get; init; }

    /// <summary>Output widths of the top MLP's layers; ReLU after each but the last, which ends in a sigmoid.</summary>
    public required IReadOnlyList<int> TopMlp { get; init; }

    /// <summary>How unevenly ids are used when no data says so.</summary>
    public required CardSkew Skew { get; init; }

    /// <summary>The latency target that <c>--sla default</c> stands for.</summary>
    public required CardSla Sla { get; init; }

    /// <summary>Known quality of the trained architecture; absent when nobody published any.</summary>
    public Quality? Quality { get; init; }
}
