namespace Rectune.Core.Planning;

/// <summary>How far planning is.</summary>
/// <param name="Stage">What is being done, in a few words.</param>
/// <param name="Fraction">Done of the whole, 0 to 1.</param>
/// <param name="RemainingSeconds">Estimate of what is left; null when unknown.</param>
public sealed record PlanningProgress(string Stage, double Fraction, double? RemainingSeconds);
