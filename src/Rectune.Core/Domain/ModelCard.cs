namespace Rectune.Core.Domain;

/// <summary>A recommender's architecture as a file (<c>rectune.card/1</c>): everything needed to build, size and load it.</summary>
public sealed record ModelCard
{
    public const string SchemaName = "rectune.card/1";

    /// <summary>Most sparse features of a card, copies written out, and most ids a sample of one.</summary>
    public const int MaximumFeatures = 1 << 14;

    /// <summary>Most task heads of a card.</summary>
    public const int MaximumTasks = 1 << 10;

    public required string Schema { get; init; }

    /// <summary>Short name, such as <c>dlrm</c>.</summary>
    public required string Name { get; init; }

    public required string Description { get; init; }

    /// <summary>Where the shape comes from.</summary>
    public required string Source { get; init; }

    /// <summary>Width of the dense input; its tensor is named <c>dense</c>, <c>[batch, width]</c>. 0 where the model has none.</summary>
    public required int DenseFeatures { get; init; }

    public required IReadOnlyList<SparseFeature> Sparse { get; init; }

    /// <summary>Output widths of the layers below the interaction, each followed by ReLU; empty where the dense features enter it as they are.</summary>
    public required IReadOnlyList<int> BottomMlp { get; init; }

    public required InteractionKind Interaction { get; init; }

    /// <summary>Size of the cross network; given exactly where <see cref="Interaction"/> is <c>cross</c>.</summary>
    public CrossShape? Cross { get; init; }

    /// <summary>Output widths of an attention unit's hidden layers; given exactly where the interaction has attention units.</summary>
    public IReadOnlyList<int>? Attention { get; init; }

    /// <summary>Width of the recurrent state; given exactly where the interaction is recurrent.</summary>
    public int? Recurrent { get; init; }

    /// <summary>Output widths of the layers above the interaction; ReLU after each but the model's last.</summary>
    public required IReadOnlyList<int> TopMlp { get; init; }

    /// <summary>Task heads above the top MLP; absent where its output is the score.</summary>
    public HeadShape? Heads { get; init; }

    /// <summary>What follows the last layer.</summary>
    public OutputKind Output { get; init; } = OutputKind.Sigmoid;

    /// <summary>The graph itself; given exactly where the card was made from a model file.</summary>
    public FileGraph? Graph { get; init; }

    /// <summary>How unevenly ids are used when no data says so.</summary>
    public required CardSkew Skew { get; init; }

    /// <summary>The latency target that <c>--sla default</c> stands for.</summary>
    public required CardSla Sla { get; init; }

    /// <summary>Known quality of the trained architecture; absent when nobody published any.</summary>
    public Quality? Quality { get; init; }
}
