namespace Rectune.Engine.Serving.Http;

/// <summary>How the reading of a body ended.</summary>
internal enum BodyEnd
{
    /// <summary>All of it is there.</summary>
    Whole,

    /// <summary>It is larger than any request for the model.</summary>
    TooLarge,

    /// <summary>The bodies of other requests leave no room for it.</summary>
    NoRoom,
}
