namespace Rectune.Cli;

/// <summary>The answer of <c>rectune completion</c>.</summary>
internal sealed record CompletionScript
{
    public required string Shell { get; init; }

    public required string Script { get; init; }
}
