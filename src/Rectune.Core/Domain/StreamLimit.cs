namespace Rectune.Core.Domain;

/// <summary>Reading memory in sequence.</summary>
public sealed record StreamLimit
{
    /// <summary>Threads that read, each a part.</summary>
    public required int Threads { get; init; }

    /// <summary>10⁹ bytes a second.</summary>
    public required double GigabytesPerSecond { get; init; }
}
