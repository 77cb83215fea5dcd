namespace Rectune.Cli;

/// <summary>The answer of <c>rectune doctor</c>.</summary>
internal sealed record DoctorReport
{
    /// <summary>The worst of the checks.</summary>
    public required CheckStatus Status { get; init; }

    public required IReadOnlyList<DoctorCheck> Checks { get; init; }
}
