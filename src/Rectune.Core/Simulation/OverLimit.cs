namespace Rectune.Core.Simulation;

/// <summary>When a simulation need not go on: more than so many queries were over a limit.</summary>
/// <param name="LimitMs">Latency, milliseconds.</param>
/// <param name="FirstQuery">The first that counts; those before it warm up.</param>
/// <param name="Most">Queries over the limit that are put up with.</param>
public readonly record struct OverLimit(double LimitMs, int FirstQuery, int Most)
{
    /// <summary>Goes on whatever happens.</summary>
    public static OverLimit None { get; } = new(double.PositiveInfinity, 0, int.MaxValue);

    public bool Counts(int query, double latencyMs) => latencyMs > LimitMs && query >= FirstQuery;
}
