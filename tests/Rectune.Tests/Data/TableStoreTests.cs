using Rectune.Core.Domain;
using Rectune.Core.Representations;
using Rectune.Engine.Data;
using Rectune.Engine.Kernels;
using Rectune.Engine.Sessions;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Data;

public sealed class TableStoreTests : IDisposable
{
    private const ulong Seed = 5;

    private static readonly ModelGraphs Graphs = new(RepresentationCards.Bags(), Seed);

    private readonly string folder = Path.Combine(Path.GetTempPath(), "rectune-store-" + Path.GetRandomFileName());
    private readonly CountingRows rows = new();
    private readonly RowEvaluator evaluator = new(Graphs);

    public void Dispose()
    {
        evaluator.Dispose();
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Open_TheSameAgain_IsTheOpenOneAndAnotherReplacesIt()
    {
        using var store = Store();
        var first = Open(store, "table", TablePrecision.Int8);
        Assert.Same(first, Open(store, "table", TablePrecision.Int8));
        Assert.Equal(RowsOfAll, rows.Read);
        var second = Open(store, "table", TablePrecision.Fp16);
        Assert.NotSame(first, second);
        Assert.Throws<ObjectDisposedException>(() => first.Direct.Tables!.ReadRow(0, 0, new float[8]));
        Assert.NotSame(second, Open(store, "qr", TablePrecision.Fp16));
    }

    [Fact]
    public void OpenAll_SeveralTogether_AreValidTogetherAndShareWhatIsAlike()
    {
        using var store = Store();
        var table = (Graphs.Design(RepresentationCatalog.Parse("table", "a test")), TinyModel.Configuration() with { TablePrecision = TablePrecision.Fp32 });
        var hybrid = (Graphs.Design(RepresentationCatalog.Parse("hybrid(k=8,decoder=4)", "a test")), TinyModel.Configuration() with { Representation = RepresentationCatalog.Parse("hybrid(k=8,decoder=4)", "a test"), TablePrecision = TablePrecision.Fp32 });
        var alike = (table.Item1, table.Item2 with { DensePrecision = DensePrecision.Int8 });
        var opened = store.OpenAll([table, hybrid, alike], new Progress<double>(), CancellationToken.None);
        Assert.Same(opened[0], opened[2]);
        Assert.NotSame(opened[0], opened[1]);
        var read = rows.Read;

        // One of them stays when it is asked for again, the other is freed.
        Assert.Same(opened[1], store.OpenAll([hybrid], new Progress<double>(), CancellationToken.None)[0]);
        Assert.Equal(read, rows.Read);
        opened[1].Direct.Tables!.ReadRow(0, 0, new float[8]);
        Assert.Throws<ObjectDisposedException>(() => opened[0].Direct.Tables!.ReadRow(0, 0, new float[8]));
    }

    [Theory]
    [InlineData("table")]
    [InlineData("select(rows=1000,k=8,decoder=4)")]
    [InlineData("hybrid(k=8,decoder=4)")]
    [InlineData("materialized(k=8,decoder=4)")]
    [InlineData("qr(above=0)")]
    [InlineData("tt(rank=2,above=400)")]
    public void Open_Mapped_HasTheBitsOfMemoryAndIsWrittenOnce(string representation)
    {
        foreach (var precision in TablePrecisions.All)
        {
            using var memory = Store();
            var expected = Open(memory, representation, precision);
            using (var store = Store())
            {
                AssertSame(expected, Open(store, representation, precision, TablePlacement.Mapped));
            }

            var written = rows.Read;
            var files = Files();
            using var again = Store();
            AssertSame(expected, Open(again, representation, precision, TablePlacement.Mapped));
            Assert.Equal(written, rows.Read);
            Assert.Equal(files, Files());
        }
    }

    [Fact]
    public void Open_OtherValuesOrPrecision_LieInOtherFiles()
    {
        foreach (var values in new[] { "random:5 a", "random:6 a", "random:5 b" })
        {
            using var store = Store(values);
            Open(store, "table", TablePrecision.Fp32, TablePlacement.Mapped);
            Open(store, "table", TablePrecision.Int4, TablePlacement.Mapped);
            Open(store, "qr", TablePrecision.Int4, TablePlacement.Mapped);
            Open(store, "qr(collisions=5)", TablePrecision.Int4, TablePlacement.Mapped);
        }

        // Features of bags 1, 2, 3 and 4 are decoded in four groups; no table of the card is too small for qr.
        Assert.Equal(3 * (1 + 1 + 4 + 4), Files().Length);
    }

    [Fact]
    public void Open_FileCutShort_SaysWhatToDo()
    {
        using (var store = Store())
        {
            Open(store, "table", TablePrecision.Fp32, TablePlacement.Mapped);
        }

        var file = Assert.Single(Files());
        using (var stream = new FileStream(file, FileMode.Open))
        {
            stream.SetLength(stream.Length - 1);
        }

        using var reader = Store();
        var refused = Assert.Throws<InvalidInputException>(() => Open(reader, "table", TablePrecision.Fp32, TablePlacement.Mapped));
        Assert.Contains("Delete the file and generate the tables again.", refused.Message, StringComparison.Ordinal);
        File.Delete(file);
        Open(reader, "table", TablePrecision.Fp32, TablePlacement.Mapped);
    }

    [Fact]
    public void Open_InterruptedBefore_WritesAfresh()
    {
        using (var store = Store())
        {
            rows.Failing = true;
            Assert.Throws<InvalidDataException>(() => Open(store, "table", TablePrecision.Fp32, TablePlacement.Mapped));
            Assert.Empty(Files());
            rows.Failing = false;
            Open(store, "table", TablePrecision.Fp32, TablePlacement.Mapped);
        }

        // What a process leaves behind that was ended while it wrote.
        var file = Assert.Single(Files());
        File.Move(file, file + ".partial");
        using var again = Store();
        Open(again, "table", TablePrecision.Fp32, TablePlacement.Mapped);
        Assert.Equal([file], Files());
    }

    [Fact]
    public void Open_Cancelled_LeavesNoFile()
    {
        using var store = Store();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var configuration = TinyModel.Configuration() with { Placement = TablePlacement.Mapped };
        Assert.Throws<OperationCanceledException>(() => store.Open(Graphs.Design(Representation.Table), configuration, new Progress<double>(), cancelled.Token));
        Assert.Empty(Files());
    }

    [Fact]
    public void Open_MappedWithoutFolder_NamesTheFlag()
    {
        using var store = new TableStore(rows, 1);
        var missing = Assert.Throws<MissingResourceException>(() => Open(store, "table", TablePrecision.Fp32, TablePlacement.Mapped));
        Assert.Contains("--tables DIR", missing.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FolderThatIsAFile_NamesTheFlag()
    {
        File.WriteAllText(folder, "");
        try
        {
            using var store = Store();
            var missing = Assert.Throws<MissingResourceException>(() => Open(store, "table", TablePrecision.Fp32, TablePlacement.Mapped));
            Assert.Contains("--tables DIR", missing.Remedy, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(folder);
        }
    }

    [Fact]
    public void Regions_OpenTables_AreThoseInMemoryOnly()
    {
        using var store = Store();
        store.Memory = new TableMemory { HugePages = false, Nodes = [0] };
        Assert.Empty(store.Regions);
        var tables = Open(store, "table", TablePrecision.Fp32);
        Assert.Equal(tables.Bytes, Assert.Single(store.Regions).Bytes);
        Assert.False(tables.Direct.Tables!.HugePagesAdvised);
        Open(store, "table", TablePrecision.Fp32, TablePlacement.Mapped);
        Assert.Empty(store.Regions);
        Open(store, "table", TablePrecision.Fp32);
        store.Close();
        Assert.Empty(store.Regions);
    }

    [Fact]
    public void Open_UnknownPlace_IsRefused()
    {
        using var store = Store();
        Assert.Contains(
            "found 'device', expected one of host, mapped",
            Assert.Throws<InvalidInputException>(() => Open(store, "table", TablePrecision.Fp32, "device")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Progress_EndsAtOneAndNeverFalls()
    {
        var shares = new List<double>();
        using var store = Store();
        store.Open(Graphs.Design(RepresentationCatalog.Parse("qr", "a test")), TinyModel.Configuration(), new Shares(shares), CancellationToken.None);
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1], 1e-12);
    }

    [Fact]
    public void Open_ComputedRowsWithoutEvaluator_Throws()
    {
        using var store = new TableStore(rows, 1);
        Assert.Throws<InvalidOperationException>(() => Open(store, "materialized(k=8,decoder=4)", TablePrecision.Fp32));
    }

    /// <summary>Rows of the four tables of the card.</summary>
    private static long RowsOfAll => 700 + 300 + 5000 + 20_000;

    private TableStore Store(string values = "random:5 card") => new(rows, 2, evaluator, new TableFolder(folder, values));

    private string[] Files() => Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)] : [];

    private static StoredTables Open(TableStore store, string representation, TablePrecision precision, string placement = TablePlacement.Host)
    {
        var configuration = TinyModel.Configuration(precision) with { Representation = RepresentationCatalog.Parse(representation, "a test"), Placement = placement };
        return store.Open(Graphs.Design(configuration.Representation), configuration, new Progress<double>(), CancellationToken.None);
    }

    private static void AssertSame(StoredTables expected, StoredTables found)
    {
        var pairs = expected.Grouped.Prepend(expected.Direct).Zip(found.Grouped.Prepend(found.Direct)).ToArray();
        Assert.Contains(pairs, pair => pair.First.Tables is not null);
        foreach (var (one, other) in pairs)
        {
            Assert.Equal(one.Tables is null, other.Tables is null);
            for (var table = 0; table < (one.Tables?.Count ?? 0); table++)
            {
                float[] row = new float[one.Tables!.DimOf(table)], same = new float[row.Length];
                for (var i = 0L; i < one.Tables.RowsOf(table); i += 97)
                {
                    one.Tables.ReadRow(table, i, row);
                    other.Tables!.ReadRow(table, i, same);
                    Assert.Equal(row, same);
                }
            }
        }
    }

    private sealed class CountingRows : IRowValues
    {
        private readonly RandomRows values = new(Seed);
        private long read;

        public long Read => Interlocked.Read(ref read);

        public bool Failing { get; set; }

        void IRowValues.Read(StoredRows stored, long firstRow, Span<float> target)
        {
            if (Failing)
            {
                throw new InvalidDataException("no values");
            }

            Interlocked.Add(ref read, target.Length / stored.Dim);
            values.Read(stored, firstRow, target);
        }
    }

    private sealed class Shares(List<double> shares) : IProgress<double>
    {
        public void Report(double value) => shares.Add(value);
    }
}
