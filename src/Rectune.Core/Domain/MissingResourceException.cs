namespace Rectune.Core.Domain;

/// <summary>The environment lacks something: a file, library, device, port or memory. The message ends with what mends it. Exit code 3.</summary>
public sealed class MissingResourceException(string problem, string remedy, Exception? inner = null) : Exception($"{problem} {remedy}", inner)
{
    /// <summary>What to do.</summary>
    public string Remedy { get; } = remedy;
}
