using Rectune.Core.Domain;
using Rectune.Core.Representations;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Data;

/// <summary>
/// All rows that a design stores, in one precision: those that are vectors themselves, looked up straight into the layout, and for each group of decoded vectors those
/// that enter its decoder, <c>[ids, sum of widths]</c>. Shared by all instances; those that can be written are undefined until filled.
/// </summary>
public sealed class StoredTables : IDisposable
{
    private readonly TableFolder? folder;
    private readonly Dictionary<long, (HotVectors Vectors, int Users)> hot = [];
    private readonly Dictionary<(long CacheBytes, int Centroids), EmbeddingDesign> approximate = [];
    private readonly Lock filling = new();

    /// <param name="folder">Where the rows lie in files; null for memory.</param>
    public StoredTables(EmbeddingDesign design, TablePrecision precision, TableFolder? folder = null)
    {
        ArgumentNullException.ThrowIfNull(design);
        Design = design;
        Precision = precision;
        this.folder = folder;
        var parts = new List<StoredPart>();
        try
        {
            parts.Add(DirectPart());
            foreach (var group in design.Groups)
            {
                parts.Add(GroupPart(group, parts.Count));
            }
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

    /// <summary>One of <see cref="TablePlacement.All"/>.</summary>
    public string Placement => folder is null ? TablePlacement.Host : TablePlacement.Mapped;

    /// <summary>Rows that are vectors themselves; its tables are null where every vector is decoded.</summary>
    public StoredPart Direct => Parts[0];

    /// <summary>For each of <see cref="EmbeddingDesign.Groups"/>: its rows, one column a slot; its tables are null where ids are hashed.</summary>
    public IEnumerable<StoredPart> Grouped => Parts.Skip(1);

    internal IReadOnlyList<StoredPart> Parts { get; }

    /// <summary>The ids that the workload uses most; null where they are not known.</summary>
    public PopularIds? Popular { get; init; }

    /// <summary>Bytes of all rows.</summary>
    public long Bytes => Parts.Sum(part => part.Tables?.Bytes ?? 0);

    /// <summary>Finished vectors of the most used ids in so much memory, shared by all who ask; filled for the first of them. Every user returns them or gives them up, once.</summary>
    public HotVectors Hot(long cacheBytes, Func<HotVectors> fill)
    {
        ArgumentNullException.ThrowIfNull(fill);
        lock (filling)
        {
            var (vectors, users) = hot.TryGetValue(cacheBytes, out var known) ? known : (fill(), 0);
            hot[cacheBytes] = (vectors, users + 1);
            return vectors;
        }
    }

    /// <summary>A user has ended; the vectors are kept for the next one.</summary>
    public void Return(long cacheBytes)
    {
        lock (filling)
        {
            var (vectors, users) = hot[cacheBytes];
            hot[cacheBytes] = (vectors, users - 1);
        }
    }

    /// <summary>A user has replaced them; without another user they are freed.</summary>
    public void GiveUp(long cacheBytes)
    {
        Return(cacheBytes);
        lock (filling)
        {
            if (hot.TryGetValue(cacheBytes, out var known) && known.Users == 0)
            {
                hot.Remove(cacheBytes);
                known.Vectors.Dispose();
            }
        }
    }

    /// <summary>The design with centroids for those ids that so much memory for vectors leaves out, shared by all who ask; they are chosen for the first of them, and kept.</summary>
    public EmbeddingDesign WithCentroids(long cacheBytes, int count, Func<EmbeddingDesign> choose)
    {
        ArgumentNullException.ThrowIfNull(choose);
        lock (filling)
        {
            return approximate.TryGetValue((cacheBytes, count), out var known) ? known : approximate[(cacheBytes, count)] = choose();
        }
    }

    public void Dispose()
    {
        foreach (var part in Parts)
        {
            part.Tables?.Dispose();
        }

        foreach (var (vectors, _) in hot.Values)
        {
            vectors.Dispose();
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

        return Part(0, slots, rows, Design.Layout.Width);
    }

    /// <summary>Column j of the ids that are looked up belongs to the group's j-th slot.</summary>
    private StoredPart GroupPart(DecodedGroup group, int part)
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

        return Part(part, slots, rows, width);
    }

    private StoredPart Part(int part, List<TableSlot> slots, List<(int Slot, StoredRows Rows)> rows, int width)
    {
        if (slots.Count == 0)
        {
            return new StoredPart(null, rows);
        }

        return new StoredPart(folder is null ? new EmbeddingTables(slots, width, Precision) : folder.Open(Design, Precision, part, slots, width), rows);
    }

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
