using Rectune.Engine.Sessions;

namespace Rectune.Engine.Serving;

/// <summary>How a server replaces an instance that failed, and who hears of it. All are called on the instance's thread, which takes no queries meanwhile; what they throw changes nothing.</summary>
public sealed record InstanceMending
{
    /// <summary>Loads another in the place of one that failed, which is closed afterwards. Where this throws, it is called again later.</summary>
    public required Func<PathInstance, PathInstance> Renew { get; init; }

    /// <summary>Hears that the instance of this name was replaced and takes queries again.</summary>
    public Action<string>? OnReplaced { get; init; }

    /// <summary>Hears that the instance of this name takes no queries for so long, since it failed again or could not be replaced, and why.</summary>
    public Action<string, TimeSpan, Exception>? OnWithdrawn { get; init; }
}
