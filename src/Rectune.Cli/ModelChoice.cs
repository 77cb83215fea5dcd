namespace Rectune.Cli;

/// <summary>A model as the user named it, with the sizes asked for.</summary>
internal sealed record ModelChoice
{
    /// <summary>A built-in name, a card's file or a model file.</summary>
    public required string Name { get; init; }

    /// <summary>The output of a model file that is the score; null where it has only one.</summary>
    public string? Output { get; init; }

    /// <summary>Null takes the card's.</summary>
    public int? Heads { get; init; }

    /// <summary>Null takes the card's.</summary>
    public int? Behaviors { get; init; }
}
