namespace Rectune.Core.Representations;

/// <summary>Ids whose finished vectors a cache can keep: those of one table that is hashed instead of stored.</summary>
/// <param name="Feature">The feature whose table it stands for: index in the card's list.</param>
/// <param name="Dim">Elements of a vector.</param>
/// <param name="Slots">Slots of the layout that look it up.</param>
public sealed record CachedTable(int Feature, int Dim, IReadOnlyList<int> Slots);
