using Rectune.Core.Domain;

namespace Rectune.Core.CostModels;

/// <summary>How the service times of a configuration lie about what a run takes that nobody disturbs.</summary>
/// <param name="MedianOverQuiet">Usual service time over the undisturbed one.</param>
/// <param name="Residuals">Service time over its median at evenly spaced probabilities from 0 to 1, stalled runs left out.</param>
/// <param name="Stalls">Null when none was seen.</param>
/// <param name="Persistence">Correlation of one run's normal score with the next one's, 0 to 1; null where too few runs followed each other.</param>
public sealed record Spread(double MedianOverQuiet, IReadOnlyList<double> Residuals, Stalls? Stalls, double? Persistence);
