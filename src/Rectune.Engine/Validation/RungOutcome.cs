namespace Rectune.Engine.Validation;

/// <summary>What live load said about one rate of a ladder.</summary>
public enum RungOutcome
{
    /// <summary>The target was certified.</summary>
    Held,

    /// <summary>No more was over the limit than may be, but the evidence does not certify it.</summary>
    Undecided,

    /// <summary>More was over the limit than may be.</summary>
    NotHeld,
}
