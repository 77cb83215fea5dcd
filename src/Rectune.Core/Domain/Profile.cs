namespace Rectune.Core.Domain;

/// <summary>What the measurements of a folder belong to: <c>profile.json</c> beside their journal.</summary>
public sealed record Profile
{
    public const string SchemaName = "rectune.profile/1";

    public required string Schema { get; init; }

    /// <summary>Where everything in the folder was measured.</summary>
    public required Machine Machine { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    public required string CreatedAt { get; init; }
}
