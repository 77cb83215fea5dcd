namespace Rectune.Cli;

/// <summary>The answer of <c>rectune models</c>.</summary>
internal sealed record ModelList
{
    public required IReadOnlyList<ModelSummary> Models { get; init; }
}
