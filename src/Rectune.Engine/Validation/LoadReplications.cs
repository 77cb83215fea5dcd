using Rectune.Core.Domain;

namespace Rectune.Engine.Validation;

/// <summary>How a time under load is divided: a warm-up, then equal replications, each with its own settling time that is not judged.</summary>
public sealed record LoadReplications
{
    /// <summary>Fewest replications: verdicts should not rest on one schedule.</summary>
    private const int Fewest = 3;

    private const int Most = 20;

    /// <summary>A replication shorter than this holds too few busy periods.</summary>
    private const double ShortestSeconds = 1;

    public required int Count { get; init; }

    public required double SecondsEach { get; init; }

    public required double WarmUpSeconds { get; init; }

    /// <summary>Start of each replication that is not judged: the queue begins empty, which no running server's does.</summary>
    public required double SettleSeconds { get; init; }

    /// <summary>A division of <paramref name="budgetSeconds"/> for a load of <paramref name="qps"/>.</summary>
    public static LoadReplications Plan(double qps, double budgetSeconds, Sla sla)
    {
        ArgumentNullException.ThrowIfNull(sla);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(qps);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(budgetSeconds);
        var warmUp = Math.Min(1, 0.1 * budgetSeconds);
        var left = budgetSeconds - warmUp;
        var count = Math.Clamp((int)(left / (2 * ShortestSeconds)), Fewest, Most);
        var each = left / count;

        // Ten limits or fifty queries: long against the time in which a queue forgets that it was empty.
        var settle = Math.Min(0.15 * each, Math.Max(10 * sla.LimitMs / 1e3, 50 / qps));
        return new LoadReplications { Count = count, SecondsEach = each, WarmUpSeconds = warmUp, SettleSeconds = settle };
    }
}
