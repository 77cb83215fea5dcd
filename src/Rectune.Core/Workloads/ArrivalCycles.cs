namespace Rectune.Core.Workloads;

/// <summary>
/// Shortens cycles that are longer than the time in which a load is held: a run that saw a part of one would speak of that part. While queues settle within a small part of a cycle, latencies over
/// a whole cycle are the same however long it lasts.
/// </summary>
public static class ArrivalCycles
{
    /// <summary>Cycles that a time under load should see.</summary>
    public const double Fewest = 10;

    /// <summary>Part of their length that cycles are shortened to for a load of <paramref name="seconds"/>; 1 where enough of them fit, or where every moment is like the next.</summary>
    public static double Scale(double cycleSeconds, double seconds) => cycleSeconds * Fewest > seconds ? seconds / (cycleSeconds * Fewest) : 1;
}
