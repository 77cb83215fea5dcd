namespace Rectune.Cli;

/// <summary>What <c>apply --json</c> says once it is ready.</summary>
internal sealed record ServingNotice
{
    public required IReadOnlyList<string> Urls { get; init; }

    public required string Model { get; init; }

    public required string Path { get; init; }

    public required double PromiseQps { get; init; }

    /// <summary>What live load said of the promise when the plan was made.</summary>
    public required Core.Domain.Verdict Verdict { get; init; }

    public required ServingPlaceNotice Place { get; init; }
}
