namespace Rectune.Core.Domain;

/// <summary>How sparse features become vectors, with its parameters.</summary>
public sealed record Representation
{
    /// <summary>A kind of the catalog of representations: <c>table</c>, a row an id; <c>dhe</c>, …</summary>
    public required string Kind { get; init; }

    /// <summary>Parameters by name, in name order; empty for one that has none.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    public static Representation Table { get; } = new() { Kind = "table" };

    /// <summary>Kind and parameters as one word.</summary>
    public string Id() => Parameters.Count == 0 ? Kind : $"{Kind}({ParametersText()})";

    /// <summary><c>name=value</c> joined by commas, by name; empty where there are none.</summary>
    public string ParametersText() => string.Join(',', Parameters.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}"));

    public bool Equals(Representation? other) => other is not null && Id() == other.Id();

    public override int GetHashCode() => Id().GetHashCode(StringComparison.Ordinal);
}
