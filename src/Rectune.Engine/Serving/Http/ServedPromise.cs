using Rectune.Core.Domain;

namespace Rectune.Engine.Serving.Http;

/// <summary>What the plan that is served stands for.</summary>
public sealed record ServedPromise
{
    /// <summary>Ids of the paths that answer, in the plan's order.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    public required Sla Sla { get; init; }

    /// <summary>Queries per second.</summary>
    public required double Qps { get; init; }

    /// <summary>What live load said of it when the plan was made.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Most queries waiting or running.</summary>
    public required int QueueLimit { get; init; }

    /// <summary>The highest that a query can ask for; null where none of any path is known.</summary>
    public Quality? BestQuality { get; init; }

    public string PathId => string.Join(" + ", Paths);

    public TimeSpan Limit => TimeSpan.FromMilliseconds(Sla.LimitMs);
}
