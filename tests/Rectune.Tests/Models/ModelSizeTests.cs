using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Models;

public sealed class ModelSizeTests
{
    /// <summary>Published or hand-derived figures of DLRM in its Criteo Kaggle shape.</summary>
    [Fact]
    public void Size_DlrmKaggle_MatchesThePublishedFigures()
    {
        Assert.True(Zoo.TryGetText("dlrm", out var json));
        var size = new ModelSize(CardFormat.Read(json, "dlrm"));
        Assert.Equal(475_985, size.DenseParameters);
        Assert.Equal(948_736 + (351 * 16 * 2), size.FlopsPerSample);
        Assert.Equal(0.96, size.FlopsPerSample / 1e6, precision: 2);
        Assert.Equal(26, size.LookupsPerSample);
        Assert.Equal(33_762_577, size.Rows);
        Assert.Equal(1_664, size.EmbeddingBytesPerSample(TablePrecision.Fp32));
        Assert.Equal(2_160_804_928, size.TableBytes(TablePrecision.Fp32));
        Assert.Equal(1_080_402_464, size.TableBytes(TablePrecision.Fp16));
        Assert.Equal(33_762_577L * 24, size.TableBytes(TablePrecision.Int8));
        Assert.Equal(33_762_577L * 12, size.TableBytes(TablePrecision.Int4));
    }

    /// <summary>DLRM at Terabyte size: 762,177 parameters and a top input of 415 (64-wide vectors, same 26 tables).</summary>
    [Fact]
    public void Size_DlrmTerabyteShape_MatchesThePublishedFigures()
    {
        var tables = Enumerable.Range(0, 26).Select(i => new SparseFeature { Name = $"C{i}", Rows = 10, Dim = 64 });
        var size = new ModelSize(SampleRecords.Card() with { DenseFeatures = 13, Sparse = [.. tables], BottomMlp = [512, 256, 64], TopMlp = [512, 512, 256, 1] });
        Assert.Equal(762_177, size.DenseParameters);
        Assert.Equal(6_656, size.EmbeddingBytesPerSample(TablePrecision.Fp32));
    }

    /// <summary>RM1 of DeepRecSys: concatenation of eight 32-wide bags of 80 and a 32-wide bottom output.</summary>
    [Fact]
    public void Size_ConcatenatedBags_MatchesThePublishedFigures()
    {
        var tables = Enumerable.Range(0, 8).Select(i => new SparseFeature { Name = $"t{i}", Rows = 4_000_000, Dim = 32, Lookups = 80 });
        var size = new ModelSize(SampleRecords.Card() with
        {
            DenseFeatures = 128,
            Sparse = [.. tables],
            BottomMlp = [64, 32],
            Interaction = InteractionKind.Concat,
            TopMlp = [256, 64, 1],
        });
        Assert.Equal(100_833, size.DenseParameters);
        Assert.Equal(640, size.LookupsPerSample);
        Assert.Equal(81_920, size.EmbeddingBytesPerSample(TablePrecision.Fp32));
        Assert.Equal(4_096_000_000, size.TableBytes(TablePrecision.Fp32));
    }
}
