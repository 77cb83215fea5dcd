using Rectune.Core.Domain;

namespace Rectune.Cli;

/// <summary>What <c>plan --sweep --json</c> answers.</summary>
internal sealed record SweepReport
{
    /// <summary>In the order asked for.</summary>
    public required IReadOnlyList<SweepEntry> Targets { get; init; }
}
