namespace Rectune.Core.Domain;

/// <summary>The file whose gaps arrivals repeat.</summary>
public sealed record ArrivalTrace
{
    /// <summary>As it was given.</summary>
    public required string File { get; init; }

    public required string Sha256 { get; init; }

    /// <summary>Queries in it.</summary>
    public required int Queries { get; init; }
}
