using Rectune.Cli;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class MeasurementJournalTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rectune-journal").FullName;
    private readonly List<string> warnings = [];

    private string File => Path.Combine(folder, "plan.measurements.jsonl");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Open_HeldByAnother_IsRefusedAndLosesNothing()
    {
        using (var first = Open(keep: false))
        {
            first.Measured(SampleRecords.Row());
            Assert.Throws<MissingResourceException>(() => Open(keep: false));
        }

        using var again = Open(keep: true);
        Assert.Single(again.Rows);
    }

    [Fact]
    public void Open_TornLastLine_IsDroppedSaidAndOverwritten()
    {
        using (var first = Open(keep: false))
        {
            first.Measured(SampleRecords.Row());
        }

        var whole = System.IO.File.ReadAllText(File);
        System.IO.File.WriteAllText(File, whole + whole[..40]);
        using (var second = Open(keep: true))
        {
            Assert.Single(second.Rows);
            Assert.Contains("last line", Assert.Single(warnings), StringComparison.Ordinal);
            second.Measured(SampleRecords.Row());
        }

        Assert.Equal(2, MeasurementFormat.ReadJournal(System.IO.File.ReadAllText(File), File, out var torn).Count);
        Assert.False(torn);
    }

    [Fact]
    public void Open_WithoutKeeping_StartsAfresh()
    {
        using (var first = Open(keep: false))
        {
            first.Measured(SampleRecords.Row());
        }

        using var second = Open(keep: false);
        Assert.Empty(second.Rows);
    }

    private MeasurementJournal Open(bool keep) => MeasurementJournal.Open(File, keep, warnings.Add);
}
