using Rectune.Core.Domain;

namespace Rectune.Core.Planning;

/// <summary>What the simulation says of one configuration under its best limits, or of several that a scheduler chooses among.</summary>
public sealed record PathEvaluation
{
    /// <summary>Of several, the fastest one's.</summary>
    public required Configuration Configuration { get; init; }

    /// <summary>Paths beside it that the scheduler may take instead, each as it is alone; empty for a path that serves alone.</summary>
    public IReadOnlyList<PathEvaluation> Others { get; init; } = [];

    public required SchedulerSettings Scheduler { get; init; }

    public required ServiceCurve Service { get; init; }

    /// <summary>The knee on one short replication, queries per second; zero when the target cannot be met at any rate.</summary>
    public required double ScreenedQps { get; init; }

    /// <summary>Highest rate at which the target is predicted to be certified; zero when there is none.</summary>
    public required Estimate PromiseQps { get; init; }

    /// <summary>The percentile of the target at a vanishing rate, milliseconds: what no queueing can improve.</summary>
    public required double UnloadedPercentileMs { get; init; }

    public required long MemoryBytes { get; init; }

    /// <summary>Of several, what the traffic gets on average at a usual load; simulated.</summary>
    public required Quality Quality { get; init; }

    /// <summary>Of the path itself, where it is one of several.</summary>
    public Quality? OwnQuality { get; init; }

    /// <summary>Null when not compared.</summary>
    public required double? MaxScoreChange { get; init; }

    /// <summary>Only screened: its promise is a usual share of its knee.</summary>
    public bool IsRough => PromiseQps.Source == Provenance.Extrapolated;

    public bool Feasible => PromiseQps.Value > 0;

    /// <summary>Identity of the configurations, joined where there are several.</summary>
    public string Id => string.Join(" + ", Others.Select(other => other.Configuration.Id()).Prepend(Configuration.Id()));

    /// <summary>Goodput in the unit of the objective <c>correct</c>: promised queries × quality where it is an accuracy, else promised queries.</summary>
    public double CorrectQps => Quality is { Metric: "accuracy", Value: { } accuracy } ? PromiseQps.Value * accuracy : PromiseQps.Value;
}
