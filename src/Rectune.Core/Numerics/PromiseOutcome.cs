namespace Rectune.Core.Numerics;

/// <summary>What the evidence says of a promise.</summary>
public enum PromiseOutcome
{
    /// <summary>The evidence decides neither way.</summary>
    Inconclusive,
    Met,
    Missed,
}
