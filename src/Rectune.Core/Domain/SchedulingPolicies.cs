namespace Rectune.Core.Domain;

/// <summary>Strategies of the scheduler by name.</summary>
public static class SchedulingPolicies
{
    /// <summary>Leaves no choice of paths.</summary>
    public const string Static = "static";

    public const string Fastest = "fastest";
    public const string Offload = "deeprecsched";
    public const string MultiPath = "multi-path";

    public static IReadOnlyList<string> Names { get; } = [Static, Fastest, Offload, MultiPath];
}
