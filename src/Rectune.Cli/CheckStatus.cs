namespace Rectune.Cli;

/// <summary>What a check of <c>rectune doctor</c> came to.</summary>
internal enum CheckStatus
{
    Ok,

    /// <summary>Works, but numbers or comfort suffer.</summary>
    Warn,

    /// <summary>Something that is needed is missing.</summary>
    Fail,
}
