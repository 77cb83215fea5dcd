namespace Rectune.Core.Domain;

/// <summary>Ids of one sparse feature for the samples of a <see cref="FeatureBatch"/>.</summary>
/// <param name="Ids">All ids, sample by sample. Checked against the table before they are looked up. With offsets, a reused buffer may be longer.</param>
/// <param name="Offsets">
/// <c>[samples + 1]</c> or longer where a buffer is reused: sample s owns ids from <c>Offsets[s]</c> up to <c>Offsets[s + 1]</c>; null when every sample owns the same number,
/// <c>Ids.Length / samples</c>.
/// </param>
public readonly record struct SparseColumn(int[] Ids, int[]? Offsets);
