using Rectune.Core.Domain;

namespace Rectune.Core.Representations;

/// <summary>A row an id.</summary>
public sealed class TableRepresentation : IRepresentation
{
    public string Kind => "table";

    public string Summary => "a row of the table for every id";

    public IReadOnlyList<ParameterDefinition> Parameters { get; } = [];

    public VectorSource SourceOf(SparseFeature feature, int vector, ParameterSet settings) => Rows(feature);

    /// <summary>The feature's own table, random rows on ±√(1 / rows) as the DeepRecSys benchmark initialises its tables.</summary>
    internal static VectorSource Rows(SparseFeature feature) => new()
    {
        Stored = [new StoredRows(feature.Table ?? feature.Name, feature.Rows, feature.Dim, Math.Sqrt(1.0 / feature.Rows))],
    };
}
