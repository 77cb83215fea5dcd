using Rectune.Core.Domain;

namespace Rectune.Core.Scheduling;

/// <summary>Strategies by name.</summary>
public static class SchedulingPolicies
{
    public const string Static = SchedulerSettings.OnePath;
    public const string Fastest = "fastest";
    public const string Offload = "deeprecsched";
    public const string MultiPath = "multi-path";

    public static IReadOnlyList<string> Names { get; } = [Static, Fastest, Offload, MultiPath];

    internal static SchedulingPolicy Create(SchedulerSettings settings) => settings.Policy switch
    {
        Static => new StaticPolicy(settings.SplitSamples),
        Fastest => new FastestPolicy(settings.SplitSamples),
        Offload => new OffloadPolicy(settings.SplitSamples, settings.OffloadAbove ?? int.MaxValue),
        _ => new MultiPathPolicy(
            settings.SplitSamples,
            settings.SlackShare ?? 0,
            settings.HysteresisShare ?? 0,
            (settings.LimitUs ?? 0) * 1_000L,
            settings.QualityMin is { } floor ? new QualityBudget(floor, settings.Paths.Min(path => path.Quality), settings.Paths.Max(path => path.Quality)) : null),
    };
}
