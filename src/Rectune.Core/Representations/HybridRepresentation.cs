using Rectune.Core.Domain;

namespace Rectune.Core.Representations;

/// <summary>A table's vector and a DHE vector of every feature, both kept (MP-Rec, ASPLOS 2023): the interaction sees twice as many vectors.</summary>
public sealed class HybridRepresentation : IRepresentation
{
    public string Kind => "hybrid";

    public string Summary => "a table's vector and a dhe vector of every feature, side by side";

    public IReadOnlyList<ParameterDefinition> Parameters { get; } = DheRepresentation.Definitions;

    public int VectorsPerFeature => 2;

    public VectorSource SourceOf(SparseFeature feature, int vector, ParameterSet settings) =>
        vector == 0 ? TableRepresentation.Rows(feature) : DheRepresentation.Hashed(feature, settings);
}
