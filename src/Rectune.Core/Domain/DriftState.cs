namespace Rectune.Core.Domain;

/// <summary>What live service times of a path say of the plan's.</summary>
public enum DriftState
{
    /// <summary>Too little has run to say anything.</summary>
    Unjudged,

    /// <summary>They lie within the plan's interval, or have not left it for long.</summary>
    AsPlanned,

    /// <summary>For long above the interval: the promise is in danger.</summary>
    Slower,

    /// <summary>For long below the interval: the path may hold more than is promised.</summary>
    Faster,
}
