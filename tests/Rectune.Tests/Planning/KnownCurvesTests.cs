using Rectune.Core.Domain;
using Rectune.Core.Planning;
using Rectune.Core.Search;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Planning;

public sealed class KnownCurvesTests
{
    private static readonly SearchSpace Space = SearchSpace.ForCpu(2);

    [Fact]
    public void Of_MeasuredAtEveryBatch_IsWhatWasMeasured()
    {
        var (curves, configurations) = Known(skipped: []);
        var curve = curves.Of(configurations[3])!;
        Assert.Equal(Provenance.Measured, curve.Source);
        Assert.Equal(Space.Batches, curve.Points.Select(point => point.Batch));
    }

    [Fact]
    public void Of_MeasuredAtOneBatch_KeepsItAndFillsInTheOthersFromPathsAlike()
    {
        var (curves, configurations) = Known(skipped: [.. Space.Batches.Where(batch => batch != 256)]);
        var curve = curves.Of(configurations[^1])!;
        Assert.Equal(Provenance.Interpolated, curve.Source);
        Assert.Equal(Space.Batches, curve.Points.Select(point => point.Batch));
        Assert.All(curve.Points, point => Assert.Equal(MedianUs(configurations[^1], point.Batch), point.MedianUs, (point.Batch == 256 ? 0.001 : 0.1) * point.MedianUs));
        Assert.All(curve.Points, point => Assert.True(point.P99Us > point.MedianUs));

        // Terms belong to their batch.
        Assert.All(curve.Points, point => Assert.Equal(0.8 * point.MedianUs, point.Terms.ComputeUs, 0.02 * point.MedianUs));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(40.0, 80.0)]
    public void Of_MachineThatWakesSlowly_ANewRunWaitsForTheSenderAndForTheInstance(double? wakeUpUs, double? expectedUs)
    {
        var request = PlanScript.Request() with { WakeUpUs = wakeUpUs };
        var book = new MeasurementBook(Planner.Question(request));
        var configuration = Space.Configurations[0];
        Assert.All(new ScriptedMeasurer(request, MedianUs).Rows(configuration, Space.Batches), row => Assert.True(book.Add(row)));
        var idleStart = new KnownCurves(request, Space, book).Of(configuration)!.IdleStartUs;
        Assert.Equal(expectedUs, idleStart?.Value);
        Assert.True(idleStart is null or { Source: Provenance.Extrapolated });
    }

    [Fact]
    public void Of_NothingMeasured_IsNull()
    {
        var (curves, configurations) = Known(skipped: [.. Space.Batches]);
        Assert.Null(curves.Of(configurations[^1]));
    }

    /// <summary>Everything is known of all configurations but the last, which lacks some batches.</summary>
    private static (KnownCurves Curves, IReadOnlyList<Configuration> Configurations) Known(IReadOnlyList<int> skipped)
    {
        var request = PlanScript.Request();
        var measurer = new ScriptedMeasurer(request, MedianUs);
        var book = new MeasurementBook(Planner.Question(request));
        foreach (var configuration in Space.Configurations)
        {
            foreach (var row in measurer.Rows(configuration, configuration == Space.Configurations[^1] ? [.. Space.Batches.Except(skipped)] : Space.Batches))
            {
                Assert.True(book.Add(row));
            }
        }

        return (new KnownCurves(request, Space, book), Space.Configurations);
    }

    private static double MedianUs(Configuration configuration, int batch) =>
        (configuration.TablePrecision == TablePrecision.Int8 ? 0.8 : 1) * (configuration.Threads == 2 ? 0.6 : 1) * PlanScript.Affine(configuration, batch);
}
