namespace Rectune.Core.Domain;

/// <summary>Durations counted in buckets that their owner names.</summary>
/// <param name="Counts">Of each bucket alone, by rising bounds; the last has none.</param>
/// <param name="SumSeconds">Of all.</param>
public sealed record DurationCounts(IReadOnlyList<long> Counts, double SumSeconds);
