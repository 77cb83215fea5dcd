namespace Rectune.Core.Models;

/// <summary>Where the embedding of one feature lies in a row of the graph's <c>pooled</c> input.</summary>
/// <param name="Feature">Index in the card's list.</param>
/// <param name="Column">First element.</param>
/// <param name="Dim">Elements of a vector.</param>
/// <param name="Steps">Vectors of a sequence, one after another; 0 for a pooled bag, which is one vector.</param>
public sealed record VectorSlot(int Feature, int Column, int Dim, int Steps)
{
    public int Elements => Dim * Math.Max(1, Steps);
}
