namespace Rectune.Core.Representations;

/// <summary>Vectors that one decoder graph computes together: as many ids a sample each, all from hashes or all from stored rows.</summary>
/// <param name="Slots">Indices in the design's layout and sources.</param>
/// <param name="Hashed">Whether ids are hashed.</param>
/// <param name="IdsPerSample">Ids of a full sample for every slot.</param>
public sealed record DecodedGroup(IReadOnlyList<int> Slots, bool Hashed, int IdsPerSample)
{
    /// <summary>Most ids of a feature that are decoded at a time: enough for a matrix product at full speed, few enough that its inputs stay in a cache.</summary>
    public const int LargestChunk = 256;

    /// <summary>The group in <paramref name="parts"/> groups, or one a slot where slots are fewer, that differ by one slot at most.</summary>
    public IReadOnlyList<DecodedGroup> Split(int parts)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(parts);
        parts = Math.Min(parts, Slots.Count);
        return [.. Enumerable.Range(0, parts).Select(part =>
        {
            var first = Slots.Count * part / parts;
            return this with { Slots = [.. Slots.Skip(first).Take((Slots.Count * (part + 1) / parts) - first)] };
        })];
    }
}
