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
    public void Of_Centroids_IsAssumedAndSaysHowMuchScoresChange()
    {
        var known = new Dictionary<string, double> { ["dhe"] = 0.77 };
        Assert.Equal(("as said with --quality", 0.77), (PathQuality.Of(Card, With("dhe"), 0, known).Where, PathQuality.Of(Card, With("dhe"), 0, known).Value));
        var quality = PathQuality.Of(Card, With("dhe") with { Centroids = 64 }, 0.2, known);
        Assert.Equal((Provenance.Assumed, 0.77), (quality.Source, quality.Value));
        Assert.EndsWith("scores change by at most 0.2 on a sample", quality.Where, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_CardWithoutQuality_IsUnknown() => Assert.Equal((Provenance.Unknown, null), (PathQuality.Of(TinyModel.Card(), TinyModel.Configuration(), 0).Source, PathQuality.Of(TinyModel.Card(), TinyModel.Configuration(), 0).Value));

    [Theory]
    [InlineData("hybrid", 0.75 + 0.0019, "MP-Rec")]
    [InlineData("dhe", 0.75 + 0.0015, "assumed")]
    [InlineData("materialized", 0.75 + 0.0015, "assumed")]
    public void Of_DlrmOnKaggle_OrdersRepresentationsByWhatIsAssumedOfThem(string representation, double expected, string where)
    {
        var quality = PathQuality.Of(Card with { Name = "dlrm" }, With(representation), 0);
        Assert.Equal(expected, quality.Value!.Value, 1e-9);
        Assert.Equal(Provenance.Assumed, quality.Source);
        Assert.Contains(where, quality.Where, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dlrm", "qr")]
    [InlineData("small", "dhe")]
    public void Of_RepresentationThatNobodyKnows_IsUnknownAndHasNoValue(string card, string representation)
    {
        var quality = PathQuality.Of(Card with { Name = card }, With(representation), 0);
        Assert.Equal((Provenance.Unknown, null, "accuracy"), (quality.Source, quality.Value, quality.Metric));
        Assert.Contains(representation, quality.Where, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_UserKnowsTables_WhatIsAssumedOfOthersIsRelativeToThem()
    {
        var known = new Dictionary<string, double> { ["table"] = 0.795 };
        Assert.Equal(0.795 + 0.0019, PathQuality.Of(Card with { Name = "dlrm" }, With("hybrid"), 0, known).Value!.Value, 1e-9);
        Assert.Equal(0.795, PathQuality.Of(Card with { Name = "dlrm" }, With("table"), 0, known).Value);
    }

    [Fact]
    public void Of_UserKnows_IsWhatTheUserSaysTheMostPreciseFirst()
    {
        var known = new Dictionary<string, double> { ["dhe"] = 0.77, ["dhe(decoder=4,k=8)"] = 0.78 };
        Assert.Equal(0.77, PathQuality.Of(Card, With("dhe"), 0, known).Value);
        Assert.Equal(0.78, PathQuality.Of(Card, With("dhe(k=8,decoder=4)"), 0, known).Value);
        Assert.Equal(Published, PathQuality.Of(Card, With("table"), 0, known));
        Assert.Equal(("accuracy", 0.77), (PathQuality.Of(TinyModel.Card(), With("dhe"), 0, known).Metric, PathQuality.Of(TinyModel.Card(), With("dhe"), 0, known).Value));
    }

    private static Configuration With(string representation) => TinyModel.Configuration() with { Representation = RepresentationCatalog.Parse(representation, "a test") };
}
