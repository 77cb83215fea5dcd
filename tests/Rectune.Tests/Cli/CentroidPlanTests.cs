using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class CentroidPlanTests : IDisposable
{
    private static readonly string[] Plan = ["plan", "--dry-run", "--set", "representation=dhe(k=16,decoder=8)", "--set", "centroids=64"];

    private readonly RecordingWiring wiring = new();

    public void Dispose() => wiring.Dispose();

    [Fact]
    public void Plan_CentroidsForASkew_SearchesThem()
    {
        Assert.Equal(0, wiring.Run([.. Plan, "--model", CardFile()]));
        Assert.Contains("-centroids.64", wiring.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_CentroidsForTables_EndsWithTwoAndSaysWhatToSearch()
    {
        Assert.Equal(2, wiring.Run("plan", "--dry-run", "--set", "centroids=64", "--model", CardFile()));
        Assert.Contains("--set centroids: found centroids, but none of table hashes ids", wiring.Error, StringComparison.Ordinal);
        Assert.Contains("search dhe, hybrid or select", wiring.Error, StringComparison.Ordinal);
    }

    /// <summary>A server reads no click log, so that it could not choose what was measured.</summary>
    [Fact]
    public void Plan_CentroidsForAClickLog_EndsWithTwoAndNamesTheFlag()
    {
        wiring.Write("clicks.tsv", string.Concat(Enumerable.Range(0, 300).Select(i => ClickLog.Line(i % 4 == 0 ? "1" : "0", ["1"], ["05db9164", $"{i % 7:x8}"]) + "\n")));
        Assert.Equal(2, wiring.Run([.. Plan, "--model", "dlrm", "--workload", "fixed:8", "--data", Path.Combine(wiring.Folder, "clicks.tsv")]));
        Assert.Contains("--set centroids: found centroids for the ids of a click log", wiring.Error, StringComparison.Ordinal);
        Assert.Contains("--skew", wiring.Error, StringComparison.Ordinal);
    }

    private string CardFile()
    {
        wiring.Write("card.json", SmallCards.Text(SmallCards.Card(4, [SmallCards.Feature("a", 1000, 8)], [8])));
        return Path.Combine(wiring.Folder, "card.json");
    }
}
