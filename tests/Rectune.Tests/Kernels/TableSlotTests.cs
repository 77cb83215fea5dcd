using Rectune.Core.Domain;
using Rectune.Engine.Kernels;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Kernels;

public sealed class TableSlotTests
{
    private static readonly TableSlot Plain = new() { Feature = 0, Rows = 10, Dim = 4, Target = 0 };

    public static TheoryData<string, TableSlot> Impossible() => new()
    {
        { "negative feature", Plain with { Feature = -1 } },
        { "negative steps", Plain with { Steps = -1 } },
        { "no divisor", Plain with { Divisor = 0 } },
        { "negative modulus", Plain with { Modulus = -1 } },
        { "modulus beyond the rows", Plain with { Modulus = 11 } },
        { "before the output row", Plain with { Target = -1 } },
        { "beyond the output row", Plain with { Target = 17 } },
        { "sequence beyond the output row", Plain with { Steps = 6 } },
        { "steps beyond any number", Plain with { Steps = int.MaxValue } },
        { "shares with itself", Plain with { SharedWith = 1 } },
        { "shares with nothing", Plain with { SharedWith = -1 } },
        { "shares other rows", Plain with { Rows = 9, SharedWith = 0 } },
        { "shares another dim", Plain with { Dim = 3, SharedWith = 0 } },
        { "overlaps", Plain with { Target = 13 } },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Tables_ImpossibleSlot_NamesIt(string why, TableSlot slot)
    {
        TableSlot[] slots = [Plain with { Target = 16 }, slot with { Name = "genre" }];
        var refused = Assert.Throws<InvalidInputException>(() => new EmbeddingTables(slots, 20, TablePrecision.Fp32));
        Assert.True(refused.Problems[0].Where is "genre" or "table slot 0", why);
        Assert.Contains("genre", refused.Message);
    }

    [Fact]
    public void Tables_ImpossibleSlotWithoutName_GoesByItsIndex()
    {
        var refused = Assert.Throws<InvalidInputException>(() => new EmbeddingTables([Plain, Plain with { Dim = 0 }], 20, TablePrecision.Fp32));
        Assert.Equal("table slot 1", refused.Problems[0].Where);
    }

    [Fact]
    public void Tables_SharedSlot_TakesNoMemoryAndReadsTheOwnersRows()
    {
        TableSlot[] slots = [Plain, Plain with { Target = 4, SharedWith = 0 }, Plain with { Target = 8, SharedWith = 1 }, Plain with { Target = 12 }];
        Assert.Equal(2 * 192, EmbeddingTables.BytesFor(slots, TablePrecision.Fp32));
        using var tables = new EmbeddingTables(slots, 16, TablePrecision.Fp32);
        var written = new HashSet<int>();
        tables.Fill((table, _, values) =>
        {
            written.Add(table);
            values.Fill(table);
        }, 1, null, CancellationToken.None);
        Assert.Equal([0, 3], written.Order());
        tables.SetRow(1, 9, [1, 2, 3, 4]);
        var row = new float[4];
        tables.ReadRow(2, 9, row);
        Assert.Equal([1, 2, 3, 4], row);
        tables.ReadRow(3, 9, row);
        Assert.Equal([3, 3, 3, 3], row);
    }

    [Fact]
    public void ForFeatures_SeveralDims_LaysThemOneAfterAnother()
    {
        var slots = TableSlot.ForFeatures([SmallCards.Feature("a", 3, 4), SmallCards.Feature("b", 2, 5, lookups: 3), SmallCards.Feature("c", 7, 1)]);
        Assert.Equal(
        [
            new TableSlot { Feature = 0, Rows = 3, Dim = 4, Target = 0, Name = "a" },
            new TableSlot { Feature = 1, Rows = 2, Dim = 5, Target = 4, Name = "b" },
            new TableSlot { Feature = 2, Rows = 7, Dim = 1, Target = 9, Name = "c" },
        ], slots);
    }
}
