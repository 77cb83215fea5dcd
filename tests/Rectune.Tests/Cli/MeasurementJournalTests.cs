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
        using (var first = Open())
        {
            first.Measured(SampleRecords.Row());
            Assert.Contains($"held by process {Environment.ProcessId}", Assert.Throws<MissingResourceException>(() => Open()).Message, StringComparison.Ordinal);
        }

        using var again = Open();
        Assert.Single(Read().Rows);
    }

    [Fact]
    public void Open_TornLastLine_IsDroppedSaidAndOverwritten()
    {
        using (var first = Open())
        {
            first.Measured(SampleRecords.Row());
        }

        var whole = System.IO.File.ReadAllText(File);
        System.IO.File.WriteAllText(File, whole + whole[..40]);
        using (var second = Open())
        {
            Assert.Single(Read().Rows);
            Assert.Contains("last line", Assert.Single(warnings), StringComparison.Ordinal);
            second.Measured(SampleRecords.Row());
        }

        var read = Read();
        Assert.Equal(2, read.Rows.Count);
        Assert.False(read.Torn);
    }

    [Fact]
    public void Failed_Configuration_IsALineOfItsOwn()
    {
        using (var first = Open())
        {
            first.Failed(SampleRecords.Row().Key.Configuration, "out of memory");
            first.Measured(SampleRecords.Row());
        }

        using var second = Open();
        Assert.Single(Read().Rows);
        Assert.Equal("out of memory", Assert.Single(Read().Failures).Why);
        Assert.Contains("out of memory", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_LeavesTheJournalAndItsLock()
    {
        Open().Dispose();
        Assert.Equal([File, File + ".lock"], Directory.GetFiles(folder).Order());
    }

    private Journal Read() => JournalFormat.Read(System.IO.File.ReadAllText(File), File);

    private MeasurementJournal Open() => MeasurementJournal.Open(File, SampleRecords.Row().Key, TimeProvider.System, warnings.Add);
}
