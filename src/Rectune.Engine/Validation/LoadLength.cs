namespace Rectune.Engine.Validation;

/// <summary>When load ends.</summary>
public enum LoadLength
{
    /// <summary>
    /// After its time; as soon as so much is over the limit that more of the same would hardly end well; or, where there is time for clearly more than is usually enough,
    /// after what usually is, if that decides.
    /// </summary>
    UntilDecided,

    /// <summary>After its time.</summary>
    Whole,
}
