using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.CostModels;

public sealed class MachineSpreadTests
{
    private static readonly Configuration One = SampleRecords.Configuration() with { Threads = 1, Instances = 2 };
    private static readonly Configuration Other = One with { TablePrecision = TablePrecision.Int8 };
    private static readonly Configuration Wide = One with { Threads = 2, Instances = 1 };

    [Fact]
    public void Of_ConfigurationMeasuredInANoisyMinute_IsStalledAsOftenAsThoseMeasuredInAQuietOne()
    {
        // One is stalled by 900 us in every tenth run of 100 us, the other never; both divide the cores alike, a third does not.
        var machine = new MachineSpread([Row(One, 8, [.. Times(90, 100), .. Times(10, 1_000)]), Row(Other, 8, Times(100, 100)), Row(Wide, 8, Times(100, 100))]);
        Assert.Equal(10 / ((200 * 100e-6) + (10 * 900e-6)), machine.Of(One).Stalls!.PerBusySecond, 0.01);
        Assert.Equal(machine.Of(One).Stalls, machine.Of(Other).Stalls);
        Assert.All(machine.Of(Other).Stalls!.LengthUs, us => Assert.Equal(900, us, 0.1));
        Assert.Null(machine.Of(Wide).Stalls);
    }

    [Fact]
    public void Of_PathWhoseTablesAreMappedFiles_KeepsItsPageFaultsToItself()
    {
        var mapped = One with { Placement = TablePlacement.Mapped };
        var machine = new MachineSpread([Row(mapped, 8, [.. Times(90, 100), .. Times(10, 5_000)]), Row(One, 8, Times(100, 100))]);
        Assert.NotNull(machine.Of(mapped).Stalls);
        Assert.Null(machine.Of(One).Stalls);
    }

    [Fact]
    public void Of_ConfigurationsThatSpreadDifferently_EachLiesBetweenItsOwnSpreadAndTheMeanOfAll()
    {
        // Uniform from 100 us up by 5 and by 25 percent.
        double[] narrow = [.. Enumerable.Range(0, 1001).Select(i => 100 + (0.005 * i))];
        double[] wide = [.. Enumerable.Range(0, 1001).Select(i => 100 + (0.025 * i))];
        var machine = new MachineSpread([Row(One, 8, narrow), Row(Other, 8, wide)]);

        // The tenth percentile, the median and the largest of each by hand; of the mean of logarithms six tenths, of the own four.
        double Expected(double own, double other) => Math.Exp((0.7 * Math.Log(own)) + (0.3 * Math.Log(other)));
        Assert.Equal(Expected(102.5 / 100.5, 112.5 / 102.5), machine.Of(One).MedianOverQuiet, 1e-4);
        Assert.Equal(Expected(112.5 / 102.5, 102.5 / 100.5), machine.Of(Other).MedianOverQuiet, 1e-4);
        Assert.Equal(Expected(105 / 102.5, 125 / 112.5), machine.Of(One).Residuals[^1], 2e-4);
        Assert.Equal(Expected(125 / 112.5, 105 / 102.5), machine.Of(Other).Residuals[^1], 2e-4);
        Assert.Equal(1, machine.Of(One).Residuals[MachineSpread.ResidualQuantiles / 2], 1e-4);
    }

    [Fact]
    public void Of_OneNoisyAmongNine_HardlyWidensTheOthers()
    {
        var nine = Enumerable.Range(0, 9).Select(i => One with { GraphVariant = $"v{i}" }).ToArray();
        double[] noisy = [.. Enumerable.Range(0, 101).Select(i => i < 50 ? 100 : 140.0)];
        var machine = new MachineSpread([Row(Other, 8, noisy), .. nine.Select(quiet => Row(quiet, 8, Times(100, 100)))]);
        Assert.All(nine, quiet => Assert.InRange(machine.Of(quiet).Residuals[^1], 1, 1.03));
    }

    [Fact]
    public void Of_ConfigurationThatWasNotMeasured_NamesIt() =>
        Assert.Contains(Other.Id(), Assert.Throws<ArgumentException>(() => new MachineSpread([Row(One, 8, [1.0, 1.0])]).Of(Other)).Message, StringComparison.Ordinal);

    [Fact]
    public void Of_OneConfiguration_IsWhatItsOwnRunsSay()
    {
        var spread = new MachineSpread([Row(One, 8, [80, 100, 120, 100, 100])]).Of(One);
        Assert.Equal(100 / 88.0, spread.MedianOverQuiet, 1e-9);
        Assert.Equal(0.8, spread.Residuals[0], 1e-4);
    }

    private static double[] Times(int count, double us) => [.. Enumerable.Repeat(us, count)];

    private static MeasurementRow Row(Configuration configuration, int batch, double[] us)
    {
        var row = SampleRecords.Row();
        return row with { Key = row.Key with { Configuration = configuration, Batch = batch }, ServiceUs = us, DisturbedUs = [] };
    }
}
