namespace Rectune.Cli;

/// <summary>A model as the user named it, with the sizes asked for.</summary>
internal sealed record ModelChoice
{
    /// <summary>A built-in name or a card's file.</summary>
    public required string Name { get; init; }

    /// <summary>Null takes the card's.</summary>
    public int? Heads { get; init; }

    /// <summary>Null takes the card's.</summary>
    public int? Behaviors { get; init; }
}
