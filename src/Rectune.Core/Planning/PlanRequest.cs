using Rectune.Core.Domain;
using Rectune.Core.Search;

namespace Rectune.Core.Planning;

/// <summary>What a plan is asked for.</summary>
public sealed record PlanRequest
{
    public required PlanModel Model { get; init; }

    public required Machine Machine { get; init; }

    public required Sla Sla { get; init; }

    public required Workload Workload { get; init; }

    /// <summary>Fixed load, queries per second; null looks for the highest rate.</summary>
    public double? Qps { get; init; }

    /// <summary><c>correct</c>, <c>goodput</c>, <c>quality</c>, <c>memory</c> or <c>cost</c>; null is <c>correct</c> where every path's quality is known, else <c>goodput</c>.</summary>
    public string? Objective { get; init; }

    /// <summary>Least quality, averaged over the samples of the traffic, in the card's metric; null for any.</summary>
    public double? QualityMin { get; init; }

    /// <summary>Quality that the user knows of representations, by kind or by identity such as <c>dhe(k=64,decoder=32)</c>, in the card's metric.</summary>
    public IReadOnlyDictionary<string, double> Qualities { get; init; } = new Dictionary<string, double>();

    /// <summary>Most memory that a path may take, bytes: the user's limit or what the machine has free.</summary>
    public required long MemoryLimitBytes { get; init; }

    /// <summary>What sets <see cref="MemoryLimitBytes"/>, for messages.</summary>
    public required string MemoryLimitBy { get; init; }

    /// <summary>Paths whose scores change by more than <see cref="Planner.LossyScoreChange"/> may be chosen.</summary>
    public bool Lossy { get; init; }

    /// <summary>Whether a path may be chosen by what it changes scores: by little, or on request by anything. Centroids change scores, so nothing is taken for granted of them that was not measured; nor is a change that is not a number.</summary>
    /// <param name="scoreChange">Null where scores were not compared.</param>
    internal bool LetsIn(Configuration configuration, double? scoreChange) =>
        Lossy || (scoreChange is { } change ? change <= Planner.LossyScoreChange : configuration.Centroids is null);

    /// <summary>Configurations must not be measured and the winner not be run: only known measurements count.</summary>
    public bool Offline { get; init; }

    /// <summary>Time for measuring and validating, seconds.</summary>
    public required double BudgetSeconds { get; init; }

    public required ulong Seed { get; init; }

    public required string Version { get; init; }

    /// <summary>How it is chosen what is measured, where the budget is too short for all paths: one of <see cref="SearchStrategies.Names"/>.</summary>
    public string Search { get; init; } = SearchStrategies.Improvement;

    /// <summary>What the machine can do at most; null where it was not measured.</summary>
    public MachineLimits? Limits { get; init; }

    /// <summary>From calling a parked thread until it runs, median, microseconds; null where it was not measured.</summary>
    public double? WakeUpUs { get; init; }

    /// <summary>What runs take now over what known measurements say, by live service times; 1 where nothing else is known.</summary>
    public double ServiceFactor { get; init; } = 1;

    /// <summary>What the command was told, for the plan to record; null where nobody says.</summary>
    public IReadOnlyDictionary<string, string>? Asked { get; init; }

    /// <summary>By which simulated queries arrive; named in <see cref="Workload.Arrivals"/>.</summary>
    public required Workloads.IArrivals Arrivals { get; init; }

    /// <summary>Sizes of simulated queries are drawn from it, samples; named in <see cref="Workload.Sizes"/>.</summary>
    public required Workloads.IQuerySizes Sizes { get; init; }
}
