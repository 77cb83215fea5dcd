using Rectune.Core.Domain;
using Rectune.Core.Representations;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Data;

/// <summary>
/// All rows that a design stores, in one precision: those that are vectors themselves, looked up straight into the layout, and for each group of decoded vectors those
/// that enter its decoder, <c>[ids, sum of widths]</c>. Shared by all instances, undefined until filled.
/// </summary>
public sealed class StoredTables : IDisposable
{
    public StoredTables(EmbeddingDesign design, TablePrecision precision)
    {
        ArgumentNullException.ThrowIfNull(design);
        Design = design;
        Precision = precision;
        var parts = new List<StoredPart>();
        try
        {
            parts.Add(DirectPart());
            parts.AddRange(design.Groups.Select(GroupPart));
        }
        catch
        {
            parts.ForEach(part => part.Tables?.Dispose());
            throw;
        }

        Parts = parts;
    }

    public EmbeddingDesign Design { get; }

    public TablePrecision Precision { get; }

    /// <summary>Rows that are vectors themselves; its tables are null where every vector is decoded.</summary>
    public StoredPart Direct => Parts[0];

    /// <summary>For each of <see cref="EmbeddingDesign.Groups"/>: its rows, one column a slot; its tables are null where ids are hashed.</summary>
    public IEnumerable<StoredPart> Grouped => Parts.Skip(1);

    internal IReadOnlyList<StoredPart> Parts { get; }

    /// <summary>Bytes of all rows.</summary>
    public long Bytes => Parts.Sum(part => part.Tables?.Bytes ?? 0);

    public void Dispose()
    {
        foreach (var part in Parts)
        {
            part.Tables?.Dispose();
        }
    }

    private StoredPart DirectPart()
    {
        var slots = new List<TableSlot>();
        var rows = new List<(int Slot, StoredRows Rows)>();
        for (var i = 0; i < Design.Sources.Count; i++)
        {
            if (Design.Sources[i].Decoder is null)
            {
                var slot = Design.Layout.Slots[i];
                Add(slots, rows, i, Design.Sources[i].Stored[0], slot.Feature, slot.Column, slot.Steps);
            }
        }

        return Part(slots, rows, Design.Layout.Width);
    }

    /// <summary>Column j of the ids that are looked up belongs to the group's j-th slot.</summary>
    private StoredPart GroupPart(DecodedGroup group)
    {
        var slots = new List<TableSlot>();
        var rows = new List<(int Slot, StoredRows Rows)>();
        var width = 0;
        for (var j = 0; j < group.Slots.Count; j++)
        {
            foreach (var stored in Design.Sources[group.Slots[j]].Stored)
            {
                Add(slots, rows, group.Slots[j], stored, feature: j, target: width, steps: 0);
                width += stored.Dim;
            }
        }

        return Part(slots, rows, width);
    }

    private StoredPart Part(List<TableSlot> slots, List<(int Slot, StoredRows Rows)> rows, int width) =>
        new(slots.Count == 0 ? null : new EmbeddingTables(slots, width, Precision), rows);

    private static void Add(List<TableSlot> slots, List<(int Slot, StoredRows Rows)> rows, int slot, StoredRows stored, int feature, int target, int steps)
    {
        var owner = rows.FindIndex(r => r.Rows.Name == stored.Name);
        slots.Add(new TableSlot
        {
            Feature = feature,
            Rows = stored.Rows,
            Dim = stored.Dim,
            Target = target,
            Steps = steps,
            Divisor = checked((int)stored.Divisor),
            Modulus = checked((int)stored.Modulus),
            SharedWith = owner < 0 ? null : owner,
            Name = stored.Name,
        });
        rows.Add((slot, stored));
    }
}
