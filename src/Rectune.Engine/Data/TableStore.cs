using Rectune.Core.Domain;
using Rectune.Core.Representations;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Data;

/// <summary>
/// The rows of a model, in memory or mapped, for the representations and precisions that were asked for together: opening others frees those before. Rows come from the same values whatever
/// the representation and precision.
/// </summary>
/// <param name="values">Values of learned rows.</param>
/// <param name="threads">Threads that fill tables.</param>
/// <param name="evaluator">Computes rows that stand for another representation; null where none is asked for.</param>
/// <param name="folder">Where mapped tables lie; null where none are asked for.</param>
/// <param name="shared">Where tables in memory are kept for processes to come, which then copy instead of generating them; null for nowhere.</param>
/// <param name="popular">The ids that the workload uses most, for caches of vectors; null where they are not known, and caches begin empty.</param>
public sealed class TableStore(
    IRowValues values, int threads, IRowEvaluator? evaluator = null, TableFolder? folder = null, TableFolder? shared = null, Func<PopularIds?>? popular = null) : IDisposable
{
    private readonly List<StoredTables> open = [];

    public IRowValues Values { get; } = values;

    /// <summary>How memory is asked for where rows lie in memory.</summary>
    public TableMemory Memory { get; set; } = new();

    /// <summary>First address and bytes of all rows in memory; safe to ask from any thread.</summary>
    public IReadOnlyList<(long Start, long Bytes)> Regions { get; private set; } = [];

    /// <summary>
    /// The rows of <paramref name="design"/> in the precision and place of <paramref name="configuration"/>, written now unless they are open or lie complete in
    /// their files. Valid until others are opened.
    /// </summary>
    /// <exception cref="MissingResourceException">Mapped tables without a folder, or no memory or room on the disk.</exception>
    /// <exception cref="InvalidInputException">An unknown place, or a file that holds something else.</exception>
    public StoredTables Open(EmbeddingDesign design, Configuration configuration, IProgress<double> progress, CancellationToken cancellation) =>
        OpenAll([(design, configuration)], progress, cancellation)[0];

    /// <summary>The same for several at once, in their order; those with the same rows share them.</summary>
    /// <inheritdoc cref="Open"/>
    public IReadOnlyList<StoredTables> OpenAll(
        IReadOnlyList<(EmbeddingDesign Design, Configuration Configuration)> asked, IProgress<double> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(asked);
        foreach (var stale in open.Where(tables => !asked.Any(one => Holds(tables, one.Design, one.Configuration))).ToArray())
        {
            open.Remove(stale);
            stale.Dispose();
        }

        var found = new StoredTables[asked.Count];
        for (var i = 0; i < found.Length; i++)
        {
            var (design, configuration) = asked[i];
            found[i] = open.FirstOrDefault(tables => Holds(tables, design, configuration))
                ?? Write(design, configuration, new PartProgress(progress, (double)i / found.Length, 1.0 / found.Length), cancellation);
        }

        Regions = [.. open.SelectMany(tables => tables.Parts).Select(part => part.Tables?.Region).OfType<(long, long)>()];
        return found;
    }

    /// <summary>Frees the rows in memory.</summary>
    public void Close()
    {
        Regions = [];
        open.ForEach(tables => tables.Dispose());
        open.Clear();
    }

    public void Dispose() => Close();

    private static bool Holds(StoredTables tables, EmbeddingDesign design, Configuration configuration) =>
        tables.Precision == configuration.TablePrecision && tables.Placement == configuration.Placement
        && ReferenceEquals(tables.Design.Card, design.Card) && tables.Design.Representation == design.Representation;

    private StoredTables Write(EmbeddingDesign design, Configuration configuration, IProgress<double> progress, CancellationToken cancellation)
    {
        var tables = new StoredTables(design, configuration.TablePrecision, FolderFor(configuration.Placement)) { Popular = design.CachedTables.Count > 0 ? popular?.Invoke() : null };
        try
        {
            foreach (var part in tables.Parts)
            {
                part.Tables?.Place(Memory);
            }

            if (tables.Placement == TablePlacement.Host && shared is not null)
            {
                FillShared(tables, shared, progress, cancellation);
            }
            else
            {
                Fill(tables, progress, cancellation);
            }
        }
        catch
        {
            tables.Dispose();
            throw;
        }

        open.Add(tables);
        return tables;
    }

    private TableFolder? FolderFor(string placement) => placement switch
    {
        TablePlacement.Host => null,
        TablePlacement.Mapped => folder ?? throw new MissingResourceException("Mapped tables lie in files, and no folder is named for them.", "Name one with --tables DIR."),
        _ => throw new InvalidInputException("placement", $"found '{placement}', expected one of {string.Join(", ", TablePlacement.All)}", "plan again with this version"),
    };

    /// <summary>Copies what an earlier process kept; generates what none did, and keeps it.</summary>
    private void FillShared(StoredTables stored, TableFolder kept, IProgress<double> progress, CancellationToken cancellation)
    {
        using var files = new StoredTables(stored.Design, stored.Precision, kept);
        Fill(files, progress, cancellation);
        foreach (var (own, file) in stored.Parts.Zip(files.Parts))
        {
            own.Tables?.CopyFrom(file.Tables!, threads);
        }
    }

    /// <summary>Writes the parts that are not there yet.</summary>
    private void Fill(StoredTables stored, IProgress<double> progress, CancellationToken cancellation)
    {
        var parts = stored.Parts.Where(part => part.Tables is { IsWritable: true }).ToArray();
        var bytes = (double)Math.Max(1, parts.Sum(part => part.Tables!.Bytes));
        var done = 0L;
        foreach (var part in parts)
        {
            var before = done;
            var share = part.Tables!.Bytes;
            part.Tables.Fill((table, firstRow, rows) => Read(stored.Design, part, table, firstRow, rows), threads, new PartProgress(progress, before / bytes, share / bytes), cancellation);
            if (stored.Placement == TablePlacement.Mapped)
            {
                part.Tables.Complete();
            }

            done += share;
        }
    }

    private void Read(EmbeddingDesign design, StoredPart part, int table, long firstRow, Span<float> rows)
    {
        var (slot, stored) = part.Rows[table];
        if (design.Sources[slot].Evaluated is null)
        {
            Values.Read(stored, firstRow, rows);
        }
        else
        {
            (evaluator ?? throw new InvalidOperationException("rows of this representation are computed, and nothing here computes them")).Evaluate(design, slot, firstRow, rows);
        }
    }

    private sealed class PartProgress(IProgress<double> whole, double from, double share) : IProgress<double>
    {
        public void Report(double value) => whole.Report(from + (share * value));
    }
}
