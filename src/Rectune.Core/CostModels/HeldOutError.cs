namespace Rectune.Core.CostModels;

/// <summary>How a family of models predicts configurations that it did not see.</summary>
/// <param name="Family">Its name.</param>
/// <param name="MedianError">Median of the absolute relative errors.</param>
/// <param name="P95Error">Their 95th percentile.</param>
/// <param name="Covered">Share of medians inside their 90 % interval.</param>
public sealed record HeldOutError(string Family, double MedianError, double P95Error, double Covered);
