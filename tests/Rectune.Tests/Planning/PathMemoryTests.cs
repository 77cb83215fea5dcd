using Rectune.Core.Domain;
using Rectune.Core.Planning;
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
}
