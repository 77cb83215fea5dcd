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
        Assert.Equal(10 / (200 * 100e-6), machine.Of(One).Stalls!.PerBusySecond, 0.01);
        Assert.Equal(machine.Of(One).Stalls, machine.Of(Other).Stalls);
        Assert.All(machine.Of(Other).Stalls!.LengthUs, us => Assert.Equal(900, us, 0.1));
        Assert.Null(machine.Of(Wide).Stalls);
    }

    [Fact]
    public void Of_ConfigurationsThatSpreadDifferently_EachLiesBetweenItsOwnSpreadAndThatOfAll()
    {
        double[] narrow = [.. Enumerable.Range(0, 101).Select(i => 100 + (0.05 * i))];
        double[] wide = [.. Enumerable.Range(0, 101).Select(i => 100 + (0.25 * i))];
        var machine = new MachineSpread([Row(One, 8, narrow), Row(Other, 8, wide)]);
        var (alone, among) = (new MachineSpread([Row(One, 8, narrow)]).Of(One), machine.Of(One));
        var most = alone.Residuals.Count - 1;
        Assert.InRange(among.Residuals[most], alone.Residuals[most], machine.Of(Other).Residuals[most]);
        Assert.InRange(among.MedianOverQuiet, alone.MedianOverQuiet, machine.Of(Other).MedianOverQuiet);
        Assert.True(among.Residuals[most] < machine.Of(Other).Residuals[most]);

        // The median of a residual is one, whoever's it is, but for the one that is borrowed.
        Assert.Equal(1, among.Residuals[most / 2], 0.02);
        Assert.Equal(among.Residuals.Order(), among.Residuals);
    }

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
