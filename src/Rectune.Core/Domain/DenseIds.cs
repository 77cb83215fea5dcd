namespace Rectune.Core.Domain;

/// <summary>Dense columns that hold whole numbers: ids.</summary>
public sealed record DenseIds
{
    /// <summary>First column.</summary>
    public required int Column { get; init; }

    public required int Width { get; init; }

    /// <summary>Ids run from 0 to <c>Rows − 1</c>.</summary>
    public required long Rows { get; init; }
}
