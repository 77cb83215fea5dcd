namespace Rectune.Core.Domain;

/// <summary>A configuration that could not be measured: a line of a profile's journal, for whoever asks why it is not there. It is tried again: what failed may have been the machine's memory at that minute.</summary>
public sealed record MeasurementFailure
{
    public const string SchemaName = "rectune.failure/1";

    public required string Schema { get; init; }

    /// <summary>What was tried; the batch says nothing.</summary>
    public required ProfileKey Key { get; init; }

    /// <summary>In words: the runtime's message, or how the measuring process ended.</summary>
    public required string Why { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    public required string MeasuredAt { get; init; }

    /// <inheritdoc cref="MeasurementRow.Chain"/>
    public string? Chain { get; init; }
}
