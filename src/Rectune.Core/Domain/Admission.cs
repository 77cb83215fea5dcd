namespace Rectune.Core.Domain;

/// <summary>What becomes of a query that is offered.</summary>
public enum Admission
{
    /// <summary>It will be answered, or its observer told why not.</summary>
    Accepted,

    /// <summary>As many queries are inside as may be.</summary>
    QueueFull,

    /// <summary>It could not be answered within its limit any more.</summary>
    TooLate,

    /// <summary>Nothing new is taken.</summary>
    Closing,

    /// <summary>No path is known to be as good as it asks.</summary>
    NoSuchQuality,
}
