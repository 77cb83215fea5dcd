namespace Rectune.Core.Domain;

/// <summary>When live load ends.</summary>
public enum LoadLength
{
    /// <summary>
    /// After its time; as soon as so much is over the limit that more of the same would hardly end well; or, where there is time for clearly more than is usually enough,
    /// after what usually is, if that decides.
    /// </summary>
    UntilDecided,

    /// <summary>Like <see cref="UntilDecided"/>, and as soon as what is left of the time is too little to decide: for whoever may try a lower rate in it.</summary>
    WhileItMayDecide,

    /// <summary>After its time.</summary>
    Whole,
}
