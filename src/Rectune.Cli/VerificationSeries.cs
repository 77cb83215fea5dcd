namespace Rectune.Cli;

/// <summary>What <c>verify --json</c> answers where several rates were asked for.</summary>
internal sealed record VerificationSeries
{
    /// <summary>In the order in which they were driven.</summary>
    public required IReadOnlyList<VerificationReport> Rates { get; init; }
}
