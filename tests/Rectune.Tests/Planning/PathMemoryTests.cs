using Rectune.Core.Domain;
using Rectune.Core.Planning;
using Rectune.Core.Representations;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Planning;

public sealed class PathMemoryTests
{
    /// <summary>
    /// 17 rows of 4: 16, 8 and 12 bytes each. Dense 3·8+8, 8·4+4, then 4+3 inputs: 7·8+8, 8+1, in all 141 parameters. Inputs of a batch of 256: 3 + 8 dense and
    /// pooled values and a score, 4 bytes each, and four times the largest activation, the 4 · 4 vectors that meet. 24 MiB for everything else of an instance.
    /// </summary>
    [Theory]
    [InlineData(TablePrecision.Fp32, 272)]
    [InlineData(TablePrecision.Fp16, 136)]
    [InlineData(TablePrecision.Int8, 204)]
    [InlineData(TablePrecision.Int4, 102)]
    public void Bytes_SmallCard_IsTablesOncePlusInstances(TablePrecision precision, long tables)
    {
        const long instance = (141 * 4) + (256 * (3 + 8 + 1 + (4 * 16)) * 4) + 25_165_824;
        var one = SampleRecords.Configuration() with { TablePrecision = precision, Instances = 1, Threads = 2 };
        Assert.Equal(tables + instance, PathMemory.Bytes(SampleRecords.Card(), one, 256));
        Assert.Equal(tables + (3 * instance), PathMemory.Bytes(SampleRecords.Card(), one with { Instances = 3 }, 256));
    }

    /// <summary>The pages of mapped files are the page cache's: what is left is what a path over tables takes without them.</summary>
    [Theory]
    [InlineData("table", 272)]
    [InlineData("qr(above=0)", (3 + 4 + 2 + 4) * 16)]
    public void Bytes_MappedTables_CountNothing(string representation, long tables)
    {
        var host = SampleRecords.Configuration() with { TablePrecision = TablePrecision.Fp32, Representation = RepresentationCatalog.Parse(representation, "a test") };
        Assert.Equal(tables, PathMemory.Bytes(SampleRecords.Card(), host, 64) - PathMemory.Bytes(SampleRecords.Card(), host with { Placement = TablePlacement.Mapped }, 64));
    }

    /// <summary>
    /// Against tables of 272 bytes: decoders of k = 4 with one hidden layer of 2 have 4·2 + 2 + 2·4 + 4 parameters a feature, 4 bytes each, and 48 bytes of hashes; 256 ids under
    /// way take 4 inputs and 4 outputs of 4 bytes for each feature.
    /// </summary>
    [Fact]
    public void Bytes_Hashed_IsDecodersInEveryInstanceInsteadOfTables()
    {
        var table = SampleRecords.Configuration() with { TablePrecision = TablePrecision.Fp32, Instances = 3 };
        var hashed = table with { Representation = RepresentationCatalog.Parse("dhe(k=4,decoder=2)", "a test") };
        const long decoders = 2 * ((22 * 4) + 48);
        const long underWay = 256 * 2 * (4 + 4) * 4;
        Assert.Equal((3 * (decoders + underWay)) - 272, PathMemory.Bytes(SampleRecords.Card(), hashed, 64) - PathMemory.Bytes(SampleRecords.Card(), table, 64));
    }
}
