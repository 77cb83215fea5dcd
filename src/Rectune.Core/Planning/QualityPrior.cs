namespace Rectune.Core.Planning;

/// <summary>What is assumed of a representation before anybody has measured it.</summary>
/// <param name="Difference">To tables in full precision, in the card's metric.</param>
/// <param name="Where">What it rests on.</param>
public sealed record QualityPrior(double Difference, string Where);
