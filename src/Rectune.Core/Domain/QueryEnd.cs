namespace Rectune.Core.Domain;

/// <summary>How an accepted query ended.</summary>
public enum QueryEnd
{
    /// <summary>With its scores.</summary>
    Answered,

    /// <summary>Scoring it failed, or the target closed before it could.</summary>
    Failed,

    /// <summary>Nothing is left to score it: every instance that it waited for has failed.</summary>
    Lost,

    /// <summary>Turned away after it was taken in: while it waited, others took so long that it could not be answered within its limit any more, or the server behind a socket would not have it.</summary>
    Late,
}
