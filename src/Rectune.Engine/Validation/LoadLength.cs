namespace Rectune.Engine.Validation;

/// <summary>When load ends.</summary>
public enum LoadLength
{
    /// <summary>After its time, or as soon as so much is over the limit that more of the same would hardly end well.</summary>
    UntilHopeless,

    /// <summary>After its time.</summary>
    Whole,
}
