using Rectune.Core.Domain;

namespace Rectune.Core.Models;

/// <summary>
/// A row of the <c>pooled</c> input: all features' vectors in the card's order, once for each representation that a feature has, then one element with the number
/// of steps in use where the model has sequences.
/// </summary>
public sealed class VectorLayout
{
    /// <param name="card">The model.</param>
    /// <param name="representations">Vectors that every feature gets: 1, or 2 where two representations stand side by side.</param>
    public VectorLayout(ModelCard card, int representations = 1)
    {
        ArgumentNullException.ThrowIfNull(card);
        Card = card;
        var slots = new List<VectorSlot>(card.Sparse.Count * representations);
        for (var representation = 0; representation < representations; representation++)
        {
            for (var i = 0; i < card.Sparse.Count; i++)
            {
                var feature = card.Sparse[i];
                slots.Add(new VectorSlot(i, Width, feature.Dim, feature.Sequence ? feature.Lookups : 0));
                Width += slots[^1].Elements;
            }
        }

        Slots = slots;
        var sequence = card.Sparse.ToList().FindIndex(f => f.Sequence);
        if (sequence >= 0 && card.Graph is null)
        {
            StepsFeature = sequence;
            StepsColumn = Width++;
        }
    }

    public ModelCard Card { get; }

    public IReadOnlyList<VectorSlot> Slots { get; }

    /// <summary>Elements of a row.</summary>
    public int Width { get; }

    /// <summary>Element that holds how many steps of a sample's sequences are in use, at most the card's lookups; null without sequences, and where the graph is a file's, which knows no such element.</summary>
    public int? StepsColumn { get; }

    /// <summary>Feature whose bag gives the number of steps; all sequences of a model run in step.</summary>
    public int? StepsFeature { get; }
}
