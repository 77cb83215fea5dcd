using Rectune.Core.Domain;

namespace Rectune.Cli;

/// <summary>What <c>rectune profile</c> answers with <c>--json</c>.</summary>
internal sealed record ProfileReport
{
    /// <summary>The journal.</summary>
    public required string Journal { get; init; }

    public required string Machine { get; init; }

    public required string Model { get; init; }

    /// <summary><see cref="IndexSkew.Key"/>.</summary>
    public required string Skew { get; init; }

    /// <summary>Measurements that were known before and not repeated.</summary>
    public required int Known { get; init; }

    /// <summary>Measurements that were added.</summary>
    public required int Measured { get; init; }

    /// <summary>Configurations that could not be measured.</summary>
    public required IReadOnlyList<string> Failed { get; init; }

    /// <summary>Runs of all measurements.</summary>
    public required long Runs { get; init; }

    /// <summary>Of these, the ones disturbed from outside; kept apart.</summary>
    public required long DisturbedRuns { get; init; }

    /// <summary>What is doubtful about the machine and about what was added.</summary>
    public required IReadOnlyList<QualityWarning> Warnings { get; init; }

    /// <summary>What measuring a run costs beside the run, microseconds; measured with a path that does nothing.</summary>
    public required double OverheadUs { get; init; }

    /// <summary>What of that lies within the service time of a run, microseconds.</summary>
    public required double OverheadInServiceUs { get; init; }

    public required double WallTimeS { get; init; }

    public required IReadOnlyList<ProfileRowReport> Rows { get; init; }
}
