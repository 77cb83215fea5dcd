namespace Rectune.Core.Numerics;

/// <summary>An estimate between two bounds; the bounds may be infinite.</summary>
public readonly record struct Interval(double Value, double Low, double High);
