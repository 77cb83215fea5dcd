using Rectune.Core.Domain;

namespace Rectune.Core.Models;

/// <summary>What a card's architecture amounts to: layers, parameters, work and bytes. Pure arithmetic on a checked card.</summary>
public sealed class ModelSize
{
    private readonly ModelCard card;

    public ModelSize(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        this.card = card;
        BottomLayers = Stack("bottom", card.DenseFeatures, card.BottomMlp, last: Activation.Relu);
        TopLayers = Stack("top", InteractionWidth, card.TopMlp, last: Activation.Sigmoid);
    }

    public ModelCard Card => card;

    /// <summary>Layers from the dense features to the interaction.</summary>
    public IReadOnlyList<DenseLayer> BottomLayers { get; }

    /// <summary>Layers from the interaction to the score.</summary>
    public IReadOnlyList<DenseLayer> TopLayers { get; }

    /// <summary>Bottom layers, then top layers.</summary>
    public IReadOnlyList<DenseLayer> Layers => [.. BottomLayers, .. TopLayers];

    /// <summary>Width of the dense vector that enters the interaction.</summary>
    public int BottomWidth => card.BottomMlp.Count > 0 ? card.BottomMlp[^1] : card.DenseFeatures;

    /// <summary>
    /// Width of the top MLP's input. Dot: the bottom output and n(n−1)/2 products of the n = tables + 1 vectors (arXiv 1906.00091, section 2.2);
    /// concatenation: the sum of all widths.
    /// </summary>
    public int InteractionWidth => card.Interaction switch
    {
        InteractionKind.Dot => BottomWidth + DotPairs,
        InteractionKind.Concat => BottomWidth + card.Sparse.Sum(f => f.Dim),
        _ => throw new InvalidOperationException($"unknown interaction {card.Interaction}"),
    };

    /// <summary>Weights and biases of the fully connected layers.</summary>
    public long DenseParameters => Layers.Sum(l => l.Parameters);

    /// <summary>
    /// Floating-point operations of one sample in layers and interaction, a multiplication and an addition counting two; sums over bags are not in it,
    /// being bound by memory and not by arithmetic.
    /// </summary>
    public long FlopsPerSample => Layers.Sum(l => l.Flops) + (card.Interaction == InteractionKind.Dot ? 2L * DotPairs * BottomWidth : 0);

    /// <summary>Rows read for one sample.</summary>
    public long LookupsPerSample => card.Sparse.Sum(f => (long)f.Lookups);

    /// <summary>Rows of all tables.</summary>
    public long Rows => card.Sparse.Sum(f => f.Rows);

    private int DotPairs => (card.Sparse.Count + 1) * card.Sparse.Count / 2;

    /// <summary>Bytes of table rows read for one sample.</summary>
    public long EmbeddingBytesPerSample(TablePrecision precision) => card.Sparse.Sum(f => (long)f.Lookups * precision.RowBytes(f.Dim));

    /// <summary>Bytes of all tables, without padding or headers.</summary>
    public long TableBytes(TablePrecision precision) => card.Sparse.Sum(f => f.Rows * precision.RowBytes(f.Dim));

    private static List<DenseLayer> Stack(string name, int inputs, IReadOnlyList<int> widths, Activation last)
    {
        var layers = new List<DenseLayer>(widths.Count);
        for (var i = 0; i < widths.Count; i++)
        {
            layers.Add(new DenseLayer($"{name}.{i}", inputs, widths[i], i == widths.Count - 1 ? last : Activation.Relu));
            inputs = widths[i];
        }

        return layers;
    }
}
