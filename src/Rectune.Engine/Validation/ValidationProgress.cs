namespace Rectune.Engine.Validation;

/// <summary>How far a validation is.</summary>
/// <param name="Qps">Offered rate, queries per second.</param>
/// <param name="Done">Replications finished.</param>
/// <param name="Replications">Most replications that will be run.</param>
/// <param name="RemainingSeconds">Longest time that is left.</param>
public sealed record ValidationProgress(double Qps, int Done, int Replications, double RemainingSeconds);
