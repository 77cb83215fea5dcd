using Rectune.Core.CostModels;

namespace Rectune.Core.Search;

/// <summary>A configuration that could be measured.</summary>
/// <param name="Points">At every batch size that it could be measured at, ascending.</param>
/// <param name="MemoryBytes">Known beforehand.</param>
public sealed record SearchCandidate(IReadOnlyList<PathPoint> Points, long MemoryBytes);
