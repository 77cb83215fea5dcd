namespace Rectune.Engine.Load;

/// <summary>What one run of a schedule showed, query by query in the order of the schedule.</summary>
public sealed record LoadResult
{
    /// <summary>From the scheduled instant to the complete answer, milliseconds; infinite where refused, failed or unanswered.</summary>
    public required double[] LatencyMs { get; init; }

    /// <summary>From the scheduled instant to the refusal, milliseconds; infinite where a query was not refused.</summary>
    public required double[] RefusedMs { get; init; }

    /// <summary>Scheduled instants, nanoseconds from the start.</summary>
    public required long[] ScheduledNs { get; init; }

    /// <summary>Query sizes.</summary>
    public required int[] Samples { get; init; }

    /// <summary>Submission after the scheduled instant, microseconds.</summary>
    public required double[] LatenessUs { get; init; }

    /// <summary>Length of the schedule that was submitted, seconds.</summary>
    public required double ScheduledSeconds { get; init; }

    /// <summary>Processor time of the submitting thread over wall time; null where the system does not tell.</summary>
    public required double? GeneratorCpuShare { get; init; }

    /// <summary>Accepted queries that had no answer when patience ended.</summary>
    public required int Unanswered { get; init; }
}
