using Rectune.Core.Representations;
using Rectune.Engine.Data;

namespace Rectune.Engine.Import;

/// <summary>Rows of the tables of a user's model file, by the name of the feature that owns the table.</summary>
public sealed class FileRows : IRowValues
{
    private readonly OnnxModelFile model;
    private readonly Dictionary<string, int> tableOf = new(StringComparer.Ordinal);

    public FileRows(OnnxModelFile model)
    {
        ArgumentNullException.ThrowIfNull(model);
        this.model = model;
        foreach (var feature in model.Lifted.Features)
        {
            tableOf[feature.Name] = feature.Table;
        }
    }

    public void Read(StoredRows stored, long firstRow, Span<float> values)
    {
        ArgumentNullException.ThrowIfNull(stored);
        model.ReadRows(tableOf[stored.Name], firstRow, values);
    }
}
