namespace Rectune.Core.Domain;

/// <summary>How a plan came to be.</summary>
public sealed record PlanProvenance
{
    public required string Version { get; init; }

    public required string Runtime { get; init; }

    /// <summary>SHA-256 of the search space's canonical text.</summary>
    public required string SpaceSha256 { get; init; }

    /// <summary>SHA-256 over the measurement rows that the plan rests on.</summary>
    public required string ProfileSha256 { get; init; }

    /// <summary>Configurations measured for this plan or taken from a profile.</summary>
    public required int Measured { get; init; }

    /// <summary>Configurations in the space.</summary>
    public required int Total { get; init; }

    /// <summary>Seconds spent measuring, searching and validating; building and generating weights are apart.</summary>
    public required double WallTimeS { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    public required string Date { get; init; }
}
