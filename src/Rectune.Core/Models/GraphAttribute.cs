namespace Rectune.Core.Models;

/// <summary>An attribute of a node: an integer, a list of them, a real number, or a text.</summary>
public readonly record struct GraphAttribute
{
    public required string Name { get; init; }

    public long? Integer { get; init; }

    public long[]? Integers { get; init; }

    public float? Real { get; init; }

    public string? Text { get; init; }

    public static GraphAttribute Of(string name, long value) => new() { Name = name, Integer = value };

    public static GraphAttribute Of(string name, params long[] values) => new() { Name = name, Integers = values };

    public static GraphAttribute Of(string name, float value) => new() { Name = name, Real = value };

    public static GraphAttribute Of(string name, string value) => new() { Name = name, Text = value };
}
