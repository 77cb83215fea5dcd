using Rectune.Core.Domain;
using Rectune.Core.Planning;
using Rectune.Core.Representations;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Planning;

public sealed class PathQualityTests
{
    private static readonly Quality Published = new() { Metric = "accuracy", Value = 0.75, Source = Provenance.Published, Where = "a paper" };

    private static readonly ModelCard Card = TinyModel.Card() with { Quality = Published };

    [Fact]
    public void Of_FullPrecisionTables_IsWhatTheCardSays() => Assert.Equal(Published, PathQuality.Of(Card, TinyModel.Configuration(), 0));

    [Theory]
    [InlineData("table", "fp16", "fp32", 0.001, "as fp32 tables (a paper): scores change by at most 0.001 on a sample")]
    [InlineData("table", "fp32", "int8", null, "as fp32 tables (a paper): scores were not compared")]
    [InlineData("dhe", "fp32", "fp32", 0.0, "as fp32 tables (a paper): what dhe reaches is not known")]
    [InlineData("hybrid", "int8", "fp32", 0.25, "as fp32 tables (a paper): what hybrid reaches is not known; scores change by at most 0.25 on a sample")]
    public void Of_AnythingElse_IsAssumedAndSaysWhy(string representation, string tables, string dense, double? scoreChange, string why)
    {
        var configuration = TinyModel.Configuration() with
        {
            Representation = RepresentationCatalog.Parse(representation, "a test"),
            TablePrecision = tables switch { "fp16" => TablePrecision.Fp16, "int8" => TablePrecision.Int8, _ => TablePrecision.Fp32 },
            DensePrecision = dense,
        };
        Assert.Equal(Published with { Source = Provenance.Assumed, Where = why }, PathQuality.Of(Card, configuration, scoreChange));
    }

    [Fact]
    public void Of_CardWithoutQuality_IsUnknown() => Assert.Equal((Provenance.Unknown, null), (PathQuality.Of(TinyModel.Card(), TinyModel.Configuration(), 0).Source, PathQuality.Of(TinyModel.Card(), TinyModel.Configuration(), 0).Value));
}
