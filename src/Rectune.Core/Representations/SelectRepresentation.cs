using Rectune.Core.Domain;

namespace Rectune.Core.Representations;

/// <summary>
/// Tables for some features, DHE for the others (MP-Rec, ASPLOS 2023). Features are chosen by the rows of their tables or by name, never by position: published lists of
/// positions mean different features in differently sorted files.
/// </summary>
public sealed class SelectRepresentation : IRepresentation
{
    private const string NoFeatures = "none";

    public string Kind => "select";

    public string Summary => "tables for small features, dhe for those with many rows or for those named";

    public IReadOnlyList<ParameterDefinition> Parameters { get; } =
    [
        ParameterDefinition.Whole("rows", 1_000_000, "features with at least so many rows are hashed", 1, long.MaxValue),
        new ParameterDefinition("features", NoFeatures, "names joined by '+': exactly these are hashed, whatever their rows", text => text.Length > 0 ? null : "names joined by '+'"),
        .. DheRepresentation.Definitions,
    ];

    public VectorSource SourceOf(SparseFeature feature, int vector, ParameterSet settings) =>
        IsHashed(feature, settings) ? DheRepresentation.Hashed(feature, settings) : TableRepresentation.Rows(feature);

    /// <summary>A feature that shares a table goes the way of the table.</summary>
    private static bool IsHashed(SparseFeature feature, ParameterSet settings)
    {
        var names = settings.Text("features");
        return names == NoFeatures ? feature.Rows >= settings.Long("rows") : names.Split('+').Contains(feature.Table ?? feature.Name);
    }
}
