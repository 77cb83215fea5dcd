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

    public void Check(ModelCard card, ParameterSet settings)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Text("features") == NoFeatures)
        {
            return;
        }

        var tables = card.Sparse.Where(f => f.Table is null).Select(f => f.Name).ToArray();
        var problems = settings.Text("features").Split('+').Except(tables).Select(name => Unknown(card, name, tables)).ToArray();
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }
    }

    public VectorSource SourceOf(SparseFeature feature, int vector, ParameterSet settings) =>
        IsHashed(feature, settings) ? DheRepresentation.Hashed(feature, settings) : TableRepresentation.Rows(feature);

    private static InputProblem Unknown(ModelCard card, string name, IReadOnlyList<string> tables)
    {
        const string Place = "representation select, features";
        return card.Sparse.FirstOrDefault(f => f.Name == name)?.Table is { } table
            ? new InputProblem(Place, $"found '{name}', which looks up the table of '{table}'", $"name '{table}': features of one table are hashed together")
            : new InputProblem(Place, Spelling.Unknown(name, tables));
    }

    /// <summary>A feature that shares a table goes the way of the table.</summary>
    private static bool IsHashed(SparseFeature feature, ParameterSet settings)
    {
        var names = settings.Text("features");
        return names == NoFeatures ? feature.Rows >= settings.Long("rows") : names.Split('+').Contains(feature.Table ?? feature.Name);
    }
}
