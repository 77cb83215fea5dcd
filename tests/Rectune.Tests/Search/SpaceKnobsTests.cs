using Rectune.Core.Domain;
using Rectune.Core.Search;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Search;

public sealed class SpaceKnobsTests
{
    private static readonly Cpu Plain = new() { Name = "plain", Architecture = "x64", Cores = 2, NumaNodes = 1, InstructionSets = ["avx2"] };

    /// <summary>The card's tables take (700 + 300 + 5000) · 8 · 4 + 20,000 · 12 · 4 = 1,152,000 bytes.</summary>
    [Theory]
    [InlineData(1_152_000, "table")]
    [InlineData(1_151_999, "table", "select", "dhe")]
    public void Default_MemoryLimit_DecidesWhatIsTriedInsteadOfTables(long limit, params string[] kinds) =>
        Assert.Equal(kinds, SpaceKnobs.Default(RepresentationCards.Bags(), Plain, limit).Representations.Select(r => r.Id()));

    [Theory]
    [InlineData("avx512vnni", "fp32", "int8")]
    [InlineData("dotprod", "fp32", "int8")]
    [InlineData("avx512f", "fp32")]
    public void Default_InstructionSets_DecideOnLayersInBytes(string set, params string[] precisions) =>
        Assert.Equal(precisions, SpaceKnobs.Default(RepresentationCards.Bags(), Plain with { InstructionSets = ["avx2", set] }, long.MaxValue).DensePrecisions);

    [Theory]
    [InlineData("representation=table,select(rows=5,k=4),dhe", "table", "select(k=4,rows=5)", "dhe")]
    [InlineData("representation=dhe(k=4),dhe( k = 4 )", "dhe(k=4)")]
    public void With_Representations_AreSplitOutsideOfParentheses(string setting, params string[] ids) =>
        Assert.Equal(ids, new SpaceKnobs().With(setting, RepresentationCards.Bags()).Representations.Select(r => r.Id()));

    [Fact]
    public void With_EveryKnob_NarrowsTheSpaceToOne()
    {
        var knobs = new SpaceKnobs();
        foreach (var setting in new[] { "table-precision=int8,int8", "dense-precision=int8", "graph=default", "instances=1", "threads=2" })
        {
            knobs = knobs.With(setting, RepresentationCards.Bags());
        }

        Assert.Equal("table-int8-dense.int8-cpu-i1-t2", Assert.Single(SearchSpace.ForCpu(2, knobs).Configurations).Id());
    }

    [Fact]
    public void ForCpu_HashedRepresentation_DoesNotVaryThePrecisionOfRows()
    {
        var knobs = new SpaceKnobs().With("representation=dhe,qr", RepresentationCards.Bags()).With("instances=1", RepresentationCards.Bags()).With("threads=1", RepresentationCards.Bags());
        Assert.Equal(
            ["dhe-fp32-cpu-i1-t1", "qr-fp32-cpu-i1-t1", "qr-fp16-cpu-i1-t1", "qr-int8-cpu-i1-t1", "qr-int4-cpu-i1-t1"], SearchSpace.ForCpu(1, knobs).Configurations.Select(c => c.Id()));
    }

    [Fact]
    public void ForCpu_Placements_VaryWhereRowsAreStored()
    {
        Assert.All(SearchSpace.ForCpu(2).Configurations, c => Assert.Equal(TablePlacement.Host, c.Placement));
        var knobs = new SpaceKnobs().With("placement=host,mapped", RepresentationCards.Bags()).With("representation=table,dhe", RepresentationCards.Bags()).With("table-precision=int8", RepresentationCards.Bags());
        Assert.Equal(["table-int8-cpu-i1-t1", "table-int8-cpu-mapped-i1-t1", "dhe-fp32-cpu-i1-t1"], SearchSpace.ForCpu(1, knobs).Configurations.Select(c => c.Id()));
    }

    [Theory]
    [InlineData("placement=maped", "did you mean 'mapped'?")]
    [InlineData("threads", "found 'threads', expected knob=value,value")]
    [InlineData("threads=", "expected knob=value,value")]
    [InlineData("=2", "expected knob=value,value")]
    [InlineData("thread=2", "did you mean 'threads'?")]
    [InlineData("threads=0", "found '0', expected a whole number from 1")]
    [InlineData("threads=1,", "found '', expected a whole number from 1")]
    [InlineData("instances=x", "found 'x'")]
    [InlineData("table-precision=int9", "did you mean 'int8'?")]
    [InlineData("graph=defalt", "did you mean 'default'?")]
    [InlineData("representation=dhe(k=4", "expected ')' at its end")]
    [InlineData("representation=tabl", "did you mean 'table'?")]
    [InlineData("representation=select(features=lage)", "did you mean 'large'?")]
    public void With_Malformed_SaysWhatIsExpected(string setting, string expected)
    {
        var refused = Assert.Throws<InvalidInputException>(() => new SpaceKnobs().With(setting, RepresentationCards.Bags()));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_RepresentationThatTheModelCannotHave_IsRefusedAtOnce() =>
        Assert.Throws<InvalidInputException>(() => new SpaceKnobs().With("representation=hybrid", RepresentationCards.Steps()));
}
