using Rectune.Core.Domain;

namespace Rectune.Core.Planning;

/// <summary>A path as it is simulated after live load has corrected its service times.</summary>
/// <param name="Service">Corrected.</param>
/// <param name="CapacityQps">The knee with it.</param>
/// <param name="PromiseQps">The rate that is certified with it.</param>
public sealed record LiveCorrection(ServiceCurve Service, Estimate CapacityQps, Estimate PromiseQps);
