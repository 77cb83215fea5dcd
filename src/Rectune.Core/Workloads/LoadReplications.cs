using Rectune.Core.Domain;

namespace Rectune.Core.Workloads;

/// <summary>How a time under load is divided: a warm-up, then equal replications, each with its own settling time that is not judged.</summary>
public sealed record LoadReplications
{
    /// <summary>Time under load that is usually enough, seconds.</summary>
    public const double UsualSeconds = 20;

    /// <summary>Longest time under load that nobody asked for, seconds.</summary>
    public const double LongestSeconds = 120;

    /// <summary>
    /// Queries that a rate too low to send them in the usual time is given longer for. A p99 needs 459 independent ones with none over the limit to be certified with 99 %
    /// confidence; queries of a queue at a third to half of its capacity are worth a third to a sixth of that.
    /// </summary>
    private const double EnoughQueries = 4_000;

    /// <summary>Fewest replications: verdicts should not rest on one schedule.</summary>
    private const int Fewest = 3;

    private const int Most = 20;

    /// <summary>A replication shorter than this holds too few busy periods.</summary>
    private const double ShortestSeconds = 2;

    /// <summary>Likewise one of fewer queries.</summary>
    private const double FewestQueries = 100;

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
        var count = (int)Math.Clamp(left / Math.Max(ShortestSeconds, FewestQueries / qps), Fewest, Most);
        var each = left / count;

        // Queries wait less than the limit or the load is not held: ten limits are long against the time in which a queue forgets that it was empty.
        return new LoadReplications { Count = count, SecondsEach = each, WarmUpSeconds = warmUp, SettleSeconds = Math.Min(0.15 * each, 10 * sla.LimitMs / 1e3) };
    }

    /// <summary>Queries that are judged at a rate, on average.</summary>
    public double JudgedQueries(double qps) => qps * Count * (SecondsEach - SettleSeconds);

    /// <summary>How long a rate is to be held of the seconds that are there.</summary>
    public static double Seconds(double qps, double availableSeconds, Sla sla)
    {
        ArgumentNullException.ThrowIfNull(sla);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(qps);
        return Math.Min(availableSeconds, Math.Max(UsualSeconds, EnoughQueries * sla.Rarity() / qps));
    }
}
