namespace Rectune.Core.Search;

/// <summary>Limits of a path: they need no measurement of their own.</summary>
/// <param name="SplitSamples">Queries larger than this are cut.</param>
/// <param name="MaxBatch">Most samples in one run; at least <paramref name="SplitSamples"/>.</param>
public readonly record struct BatchLimits(int SplitSamples, int MaxBatch);
