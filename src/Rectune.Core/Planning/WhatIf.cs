using Rectune.Core.Domain;

namespace Rectune.Core.Planning;

/// <summary>A demand changed a little, and what the plan's path would hold then; other paths could hold more.</summary>
/// <param name="Change">What is changed, with its unit.</param>
/// <param name="CapacityQps">The estimated knee then.</param>
/// <param name="Gain">Change of the knee over the plan's own: 0.1 is a tenth more.</param>
/// <param name="WithinNoise">Whether the change is less than two measurements of one path differ by.</param>
public sealed record WhatIf(string Change, Estimate CapacityQps, double Gain, bool WithinNoise);
