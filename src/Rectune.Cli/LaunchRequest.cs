using Rectune.Core.Domain;

namespace Rectune.Cli;

/// <summary>What a measuring process is told, on one line of its standard input.</summary>
internal sealed record LaunchRequest
{
    public required PlanModel Model { get; init; }

    public required IndexSkew Skew { get; init; }

    /// <summary>Seed of the candidates.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Where mapped tables lie.</summary>
    public string? TableFolder { get; init; }

    /// <summary>Where tables in memory are kept for the next process.</summary>
    public string? SharedFolder { get; init; }

    /// <summary>File of four bytes in which the process notes the configuration under way, for whoever wonders what ended it.</summary>
    public required string UnderWayFile { get; init; }

    /// <summary>Model, weights, skew, machine and runtime; the configuration and batch say nothing.</summary>
    public required ProfileKey Question { get; init; }

    public required LaunchPlace Launch { get; init; }

    public required IReadOnlyList<Configuration> Configurations { get; init; }

    public required IReadOnlyList<int> Batches { get; init; }

    /// <summary>Longest time for measuring, seconds.</summary>
    public required double Seconds { get; init; }

    public required bool CompareScores { get; init; }

    /// <summary>Whether operators are timed as well.</summary>
    public required bool Operators { get; init; }
}
