using Rectune.Cli;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class MappedTablesTests : IDisposable
{
    private static readonly string[] Plan = ["plan", "--set", "placement=mapped", "--set", "table-precision=int8", "--dry-run", "--model"];

    private readonly RecordingWiring wiring = new();

    private string Folder => Path.Combine(wiring.Folder, "tables");

    public void Dispose() => wiring.Dispose();

    [Fact]
    public void Plan_MappedWithoutFolder_EndsWithTwoAndNamesTheFlag()
    {
        Assert.Equal(2, wiring.Run([.. Plan, CardFile()]));
        Assert.Contains("--set placement: found 'mapped', but no folder for the files of mapped tables", wiring.Error, StringComparison.Ordinal);
        Assert.Contains("--tables DIR", wiring.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_MappedWithFolder_SearchesMappedPaths()
    {
        Assert.Equal(0, wiring.Run([.. Plan, CardFile(), "--tables", Folder]));
        Assert.Contains("table-int8-cpu-mapped-i1-t1", wiring.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public void Plan_DivisionThatNoCoresHave_EndsWithTwo()
    {
        Assert.Equal(2, wiring.Run("plan", "--dry-run", "--set", "instances=100000", "--model", CardFile()));
        Assert.Contains("found nothing to search", wiring.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Serve_MappedPath_WritesItsTablesOnceAndScoresAsMemoryDoes()
    {
        var mapped = Change(SampleRecords.Plan(), TablePlacement.Mapped);
        var first = Scores(mapped, Folder);
        var file = Assert.Single(Directory.GetFiles(Folder));
        var written = File.GetLastWriteTimeUtc(file);
        Assert.Equal(first, Scores(mapped, Folder));
        Assert.Equal(written, File.GetLastWriteTimeUtc(Assert.Single(Directory.GetFiles(Folder))));
        Assert.Equal(Scores(Change(mapped, TablePlacement.Host), null), first);
    }

    [Fact]
    public void Serve_MappedPathWithoutFolder_NamesTheFlag()
    {
        var missing = Assert.Throws<MissingResourceException>(() => Scores(Change(SampleRecords.Plan(), TablePlacement.Mapped), null));
        Assert.Contains("--tables DIR", missing.Message, StringComparison.Ordinal);
    }

    private static Plan Change(Plan plan, string placement) => plan with
    {
        Seed = 1,
        Paths = [plan.Paths[0] with { Configuration = plan.Paths[0].Configuration with { Placement = placement } }],
    };

    /// <summary>Answers of the served path to its first candidates.</summary>
    private static float[] Scores(Plan plan, string? folder)
    {
        // Sealed and read again, as a plan is that lies in a file between plan and apply.
        plan = PlanFormat.Read(PlanFormat.Write(PlanFormat.Seal(plan)), "plan.json");
        using var bench = Workbench.ForServing(plan, null, SampleRecords.Machine(), folder, CancellationToken.None);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error, new TerminalStyle(), TimeProvider.System);
        using var server = LoadedPlan.Serve(plan, bench, terminal, TimeProvider.System, CancellationToken.None);
        using var answer = new Answer();
        Assert.Equal(Admission.Accepted, server.Submit(bench.Pool, 0, 50, answer, 0));
        return answer.Wait();
    }

    private string CardFile()
    {
        wiring.Write("card.json", SmallCards.Text(SmallCards.Card(4, [SmallCards.Feature("a", 1000, 8)], [8])));
        return Path.Combine(wiring.Folder, "card.json");
    }

    private sealed class Answer : IQueryObserver, IDisposable
    {
        private readonly ManualResetEventSlim done = new();
        private float[] found = [];

        public void Ended(long tag, ReadOnlySpan<float> scores, QueryEnd end)
        {
            found = scores.ToArray();
            done.Set();
        }

        public float[] Wait()
        {
            Assert.True(done.Wait(TimeSpan.FromSeconds(60)));
            Assert.Equal(50, found.Length);
            return found;
        }

        public void Dispose() => done.Dispose();
    }
}
