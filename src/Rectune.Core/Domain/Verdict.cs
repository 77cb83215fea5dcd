namespace Rectune.Core.Domain;

/// <summary>What live load said about a promise.</summary>
public enum Verdict
{
    NotRun,
    Met,
    Missed,

    /// <summary>The evidence decides neither way.</summary>
    Inconclusive,
}
