namespace Rectune.Cli;

/// <summary>One line of <c>rectune doctor</c>.</summary>
internal sealed record DoctorCheck
{
    public required string Name { get; init; }

    public required CheckStatus Status { get; init; }

    public required string Found { get; init; }

    /// <summary>What to do; null when all is well.</summary>
    public string? Advice { get; init; }
}
