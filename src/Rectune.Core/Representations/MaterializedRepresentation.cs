using Rectune.Core.Domain;

namespace Rectune.Core.Representations;

/// <summary>A DHE evaluated once for every id: its quality at the speed of a table and with the memory of one.</summary>
public sealed class MaterializedRepresentation : IRepresentation
{
    public string Kind => "materialized";

    public string Summary => "a dhe evaluated once for every id and kept as a table";

    public IReadOnlyList<ParameterDefinition> Parameters { get; } = DheRepresentation.Definitions;

    public VectorSource SourceOf(SparseFeature feature, int vector, ParameterSet settings) =>
        TableRepresentation.Rows(feature) with { Evaluated = DheRepresentation.Hashed(feature, settings) };
}
