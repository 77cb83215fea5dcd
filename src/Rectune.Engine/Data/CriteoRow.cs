namespace Rectune.Engine.Data;

/// <summary>One impression of a Criteo click log; filled again for every row.</summary>
public sealed class CriteoRow
{
    public const int IntegerCount = 13;

    public const int CategoryCount = 26;

    /// <summary>1 when the advertisement was clicked, else 0.</summary>
    public int Label { get; internal set; }

    /// <summary><c>[13]</c>; null where the log has none.</summary>
    public int?[] Integers { get; } = new int?[IntegerCount];

    /// <summary><c>[26]</c>: hashed categories; null where the log has none.</summary>
    public uint?[] Categories { get; } = new uint?[CategoryCount];
}
