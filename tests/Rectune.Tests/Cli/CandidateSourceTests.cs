using Rectune.Cli;
using Rectune.Core.Domain;
using Rectune.Core.Workloads;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class CandidateSourceTests : IDisposable
{
    private const ulong Seed = 4;
    private static readonly ModelCard Card = SmallCards.Card(0, [SmallCards.Feature("a", 1000, 4, 3)], []);

    private readonly string folder = Directory.CreateTempSubdirectory("rectune-trace").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Open_NothingAsked_TakesTheCardsSkew()
    {
        Assert.Equal(1.05, CandidateSource.Open(Card, null, null, Seed, Cancellation).Skew.ZipfExponent);
        var uniform = Card with { Skew = Card.Skew with { ZipfExponent = 0, Source = Provenance.Published } };
        Assert.Equal(new IndexSkew { Kind = SkewKind.Uniform, Source = Provenance.Published }, CandidateSource.Open(uniform, null, null, Seed, Cancellation).Skew);
    }

    [Fact]
    public void Open_SkewAsked_ComesBeforeTheCards() =>
        Assert.Equal(SkewKind.Uniform, CandidateSource.Open(Card, null, SkewText.Of(0, Provenance.Assumed), Seed, Cancellation).Skew.Kind);

    [Fact]
    public void Reopen_Trace_GivesTheCandidatesOfThePlan()
    {
        var file = Trace("1 1 2 3 3 3");
        var (pool, skew) = CandidateSource.Open(Card, null, Asked(file), Seed, Cancellation);
        Assert.Equal((SkewKind.Trace, file, 6), (skew.Kind, skew.DataFile, skew.DataRows));
        var again = CandidateSource.Reopen(PlanOf(skew), null, null, Cancellation);
        Assert.Equal(pool.Value.Features.Columns[0].Ids, again.Features.Columns[0].Ids);
    }

    [Fact]
    public void Reopen_TraceThatMoved_IsNamedWithData()
    {
        var file = Trace("1 1 2");
        var (_, skew) = CandidateSource.Open(Card, null, Asked(file), Seed, Cancellation);
        var moved = Path.Combine(folder, "moved.txt");
        File.Move(file, moved);
        Assert.Throws<MissingResourceException>(() => CandidateSource.Reopen(PlanOf(skew), null, 10, Cancellation));
        Assert.Equal(10, CandidateSource.Reopen(PlanOf(skew), moved, 10, Cancellation).Features.Samples);
    }

    [Fact]
    public void Reopen_TraceThatChanged_IsRefusedWithBothHashes()
    {
        var file = Trace("1 1 2");
        var (_, skew) = CandidateSource.Open(Card, null, Asked(file), Seed, Cancellation);
        File.WriteAllText(file, "1 1 3");
        var refused = Assert.Throws<InvalidInputException>(() => CandidateSource.Reopen(PlanOf(skew), null, 10, Cancellation));
        Assert.StartsWith($"{file}: found a file with SHA-256 ", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"the plan was made with {skew.DataSha256}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reopen_DataForAPlanWithoutAny_IsRefused()
    {
        var refused = Assert.Throws<InvalidInputException>(
            () => CandidateSource.Reopen(PlanOf(SkewText.Of(0, Provenance.Assumed)), Trace("1"), 10, Cancellation));
        Assert.StartsWith("--data: the plan was made without data or trace", refused.Message, StringComparison.Ordinal);
    }

    private static IndexSkew Asked(string file)
    {
        Assert.True(SkewText.TryParse("trace:" + file, out var asked, out _));
        return asked;
    }

    private static Plan PlanOf(IndexSkew skew)
    {
        var plan = SampleRecords.Plan();
        return plan with { Seed = Seed, Model = plan.Model with { Card = Card }, Workload = plan.Workload with { Skew = skew } };
    }

    private string Trace(string text)
    {
        var file = Path.Combine(folder, "trace.txt");
        File.WriteAllText(file, text);
        return file;
    }
}
