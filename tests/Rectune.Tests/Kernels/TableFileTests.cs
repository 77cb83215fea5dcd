using Rectune.Core.Domain;
using Rectune.Engine.Kernels;
using Xunit;

namespace Rectune.Tests.Kernels;

public sealed class TableFileTests : IDisposable
{
    private const string Identity = "random:42/abc";

    private static readonly TableSlot[] Slots =
    [
        new() { Feature = 0, Rows = 3000, Dim = 17, Target = 0 },
        new() { Feature = 1, Rows = 50, Dim = 8, Steps = 2, Target = 17 },
        new() { Feature = 2, Rows = 50, Dim = 8, Target = 33, SharedWith = 1 },
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("rectune-tables").FullName;

    private string File => Path.Combine(folder, "tables");

    public static TheoryData<TablePrecision> Precisions() => [.. TablePrecisions.All];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Precisions))]
    public void OpenFile_WrittenBefore_HasTheBitsOfTablesInMemory(TablePrecision precision)
    {
        using var inMemory = new EmbeddingTables(Slots, 41, precision);
        inMemory.Fill(SlotReference.Noise, 2, null, CancellationToken.None);
        using (var created = Written(precision))
        {
            AssertSame(inMemory, created);
            created.Complete();
            AssertSame(inMemory, created);
        }

        using var opened = Open(precision);
        using var openedAgain = Open(precision);
        AssertSame(inMemory, opened);
        AssertSame(inMemory, openedAgain);
        Assert.Equal(4096 + inMemory.Bytes, new FileInfo(File).Length);
        Assert.False(opened.HugePagesAdvised);
    }

    [Fact]
    public void OpenFile_WriterStillOpen_ReadsTheCompleteFile()
    {
        using var created = Written();
        created.Complete();
        using var opened = Open();
        AssertSame(created, opened);
    }

    [Fact]
    public void CreateFile_DisposedBeforeComplete_LeavesTheOldFileAndNoOther()
    {
        Store();
        var before = System.IO.File.ReadAllBytes(File);
        using (var unfinished = EmbeddingTables.CreateFile(File, Slots, 41, TablePrecision.Fp32, "other"))
        {
            unfinished.SetRow(0, 0, new float[17]);
        }

        Assert.Equal([File], Directory.GetFiles(folder));
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void Complete_OldFileThere_ReplacesIt()
    {
        Store();
        using (var created = EmbeddingTables.CreateFile(File, Slots, 41, TablePrecision.Int4, "other"))
        {
            created.Fill(SlotReference.Noise, 1, null, CancellationToken.None);
            created.Complete();
        }

        using var opened = EmbeddingTables.OpenFile(File, Slots, 41, TablePrecision.Int4, "other");
        Assert.Equal([File], Directory.GetFiles(folder));
    }

    [Fact]
    public void SetRow_CompleteTables_Refuses()
    {
        using var created = Written();
        created.Complete();
        Assert.Throws<InvalidOperationException>(() => created.SetRow(0, 0, new float[17]));
        Assert.Throws<InvalidOperationException>(created.Complete);
        using var opened = Open();
        Assert.Throws<InvalidOperationException>(() => opened.SetRow(0, 0, new float[17]));
        Assert.Throws<InvalidOperationException>(() => opened.Fill(SlotReference.Noise, 1, null, CancellationToken.None));
        using var inMemory = new EmbeddingTables(Slots, 41, TablePrecision.Fp32);
        Assert.Throws<InvalidOperationException>(inMemory.Complete);
    }

    [Fact]
    public void ReadRow_Disposed_Refuses()
    {
        Store();
        var opened = Open();
        opened.Dispose();
        opened.Dispose();
        Assert.Throws<ObjectDisposedException>(() => opened.ReadRow(0, 0, new float[17]));
    }

    [Fact]
    public void OpenFile_Absent_SaysWhatToDo()
    {
        var missing = Assert.Throws<MissingResourceException>(() => Open());
        Assert.Contains(File, missing.Message);
        Assert.Throws<MissingResourceException>(() => EmbeddingTables.OpenFile(Path.Combine(folder, "no", "folder"), Slots, 41, TablePrecision.Fp32, Identity));
    }

    [Fact]
    public void CreateFile_NoSuchFolder_SaysHowMuchIsNeeded()
    {
        var missing = Assert.Throws<MissingResourceException>(
            () => EmbeddingTables.CreateFile(Path.Combine(folder, "no", "folder"), Slots, 41, TablePrecision.Fp32, Identity));
        Assert.Contains((4096 + EmbeddingTables.BytesFor(Slots, TablePrecision.Fp32)).ToString(), missing.Message);
    }

    [Fact]
    public void OpenFile_OtherTables_NamesBoth()
    {
        Store();
        AssertRefused(() => EmbeddingTables.OpenFile(File, Slots, 41, TablePrecision.Fp32, "random:43/abc"), Identity, "random:43/abc");
        AssertRefused(() => EmbeddingTables.OpenFile(File, Slots, 41, TablePrecision.Fp16, Identity), "fp32", "fp16");
        AssertRefused(() => EmbeddingTables.OpenFile(File, [Slots[0] with { Rows = 3001 }, .. Slots[1..]], 41, TablePrecision.Fp32, Identity), "[3000,17]", "[3001,17]");
        AssertRefused(() => EmbeddingTables.OpenFile(File, Slots[..1], 41, TablePrecision.Fp32, Identity), "[50,8]", "[[3000,17]]");
        AssertRefused(() => EmbeddingTables.OpenFile(File, [.. Slots[..2], Slots[2] with { SharedWith = null }], 41, TablePrecision.Fp32, Identity), "[50,8]]", "[50,8],[50,8]]");
    }

    [Fact]
    public void OpenFile_SameRowsReadOtherwise_Opens()
    {
        // How ids become rows and where vectors go is not the file's business.
        Store();
        using var opened = EmbeddingTables.OpenFile(File, [Slots[0] with { Divisor = 3, Target = 20 }, Slots[1] with { Steps = 0, Target = 0 }], 100, TablePrecision.Fp32, Identity);
        Assert.Equal(100, opened.Width);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(100_000)]
    public void OpenFile_CutShort_NamesBothLengths(int missing)
    {
        Store();
        var length = new FileInfo(File).Length;
        Change(stream => stream.SetLength(length - missing));
        AssertRefused(() => Open(), length.ToString(), (length - missing).ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(200)]
    public void OpenFile_CutInsideTheHeader_NamesBothLengths(int length)
    {
        Store();
        var expected = new FileInfo(File).Length;
        Change(stream => stream.SetLength(length));
        AssertRefused(() => Open(), expected.ToString(), $"{length} bytes");
    }

    [Fact]
    public void OpenFile_Grown_Refuses()
    {
        Store();
        Change(stream => stream.SetLength(stream.Length + 1));
        AssertRefused(() => Open(), "grown");
    }

    [Fact]
    public void OpenFile_NotMarkedComplete_Refuses()
    {
        Store();
        Overwrite(4095, 0);
        AssertRefused(() => Open(), "complete");
    }

    [Fact]
    public void OpenFile_OtherVersionOrFormat_Refuses()
    {
        Store();
        Overwrite("rectune.tables/".Length, (byte)'2');
        AssertRefused(() => Open(), "'rectune.tables/2'", "'rectune.tables/1'");
        Overwrite(0, (byte)'R');
        AssertRefused(() => Open(), "no tables");
        System.IO.File.WriteAllBytes(File, Enumerable.Repeat((byte)0xFF, 5000).ToArray());
        AssertRefused(() => Open(), "no tables");
    }

    [Fact]
    public void CreateFile_DescriptionLargerThanTheHeader_RefusesAndLeavesNothing()
    {
        Assert.Throws<InvalidInputException>(() => EmbeddingTables.CreateFile(File, Slots, 41, TablePrecision.Fp32, new string('x', 4096)));
        Assert.Empty(Directory.GetFiles(folder));
    }

    private void AssertRefused(Action open, params string[] mentioned)
    {
        var refused = Assert.Throws<InvalidInputException>(open);
        Assert.Equal(File, refused.Problems[0].Where);
        Assert.Contains("Delete the file", refused.Problems[0].Advice);
        Assert.All(mentioned, text => Assert.Contains(text, refused.Message));
    }

    private EmbeddingTables Written(TablePrecision precision = TablePrecision.Fp32)
    {
        var tables = EmbeddingTables.CreateFile(File, Slots, 41, precision, Identity);
        tables.Fill(SlotReference.Noise, 2, null, CancellationToken.None);
        return tables;
    }

    private void Store()
    {
        using var tables = Written();
        tables.Complete();
    }

    private EmbeddingTables Open(TablePrecision precision = TablePrecision.Fp32) => EmbeddingTables.OpenFile(File, Slots, 41, precision, Identity);

    private void Overwrite(int at, byte value) => Change(stream =>
    {
        stream.Position = at;
        stream.WriteByte(value);
    });

    private void Change(Action<FileStream> change)
    {
        using var stream = new FileStream(File, FileMode.Open, FileAccess.ReadWrite);
        change(stream);
    }

    private static void AssertSame(EmbeddingTables expected, EmbeddingTables actual)
    {
        var source = new FeatureBatch(50, [],
            [new SparseColumn([.. Enumerable.Range(0, 50).Select(i => i * 59)], null), new SparseColumn([.. Enumerable.Range(0, 50)], null), new SparseColumn([.. Enumerable.Range(0, 100).Select(i => i / 2)], null)]);
        float[] left = new float[50 * 41], right = new float[50 * 41];
        new PooledEmbeddings().Pool(expected, source, 0, 50, left);
        new PooledEmbeddings().Pool(actual, source, 0, 50, right);
        Assert.True(left.AsSpan().SequenceEqual(right));
        for (var table = 0; table < expected.Count; table++)
        {
            float[] row = new float[expected.DimOf(table)], other = new float[row.Length];
            for (var i = 0L; i < expected.RowsOf(table); i++)
            {
                expected.ReadRow(table, i, row);
                actual.ReadRow(table, i, other);
                Assert.True(row.AsSpan().SequenceEqual(other), $"table {table}, row {i}");
            }
        }
    }
}
