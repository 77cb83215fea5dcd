using Rectune.Core.Domain;

namespace Rectune.Core.Formats;

/// <summary>What a journal holds, in the order of its lines.</summary>
public sealed record Journal
{
    public required IReadOnlyList<MeasurementRow> Rows { get; init; }

    public required IReadOnlyList<MeasurementFailure> Failures { get; init; }

    /// <summary>Chain of the last line, which the next one continues; empty before the first.</summary>
    public required string Chain { get; init; }

    /// <summary>Whether the text ends within a line: one that was being written when its process ended.</summary>
    public required bool Torn { get; init; }
}
