namespace Rectune.Core.Models;

/// <summary>Names of equivalent graphs of one model.</summary>
public static class GraphVariants
{
    /// <summary>The form known to run fastest.</summary>
    public const string Default = "default";

    /// <summary>Every operator as the model's source has it.</summary>
    public const string Unfused = "unfused";
}
