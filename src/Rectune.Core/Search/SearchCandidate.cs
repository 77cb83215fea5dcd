using Rectune.Core.CostModels;

namespace Rectune.Core.Search;

/// <summary>A configuration that could be measured.</summary>
/// <param name="Points">At every batch size that it would be measured at.</param>
/// <param name="MemoryBytes">Known beforehand.</param>
/// <param name="Quality">What is known of its answers' quality beforehand; more is better.</param>
/// <param name="Seconds">What measuring it is expected to take.</param>
public sealed record SearchCandidate(IReadOnlyList<PathPoint> Points, long MemoryBytes, double Quality, double Seconds);
