using Rectune.Core.CostModels;
using Rectune.Core.Numerics;
using Xunit;

namespace Rectune.Tests.CostModels;

public sealed class CrossPathModelTests
{
    private const double Noise = 0.01;
    private static readonly int[] Batches = [1, 8, 64, 512];
    private static readonly string[] Rows = ["fp32", "fp16", "int8", "int4"];
    private static readonly string[] Layers = ["fp32", "int8"];
    private static readonly string[] Cores = ["i1-t1", "i1-t2", "i2-t1", "i1-t4", "i2-t2"];

    [Fact]
    public void Predict_HalfOfTheConfigurationsKnown_FindsTheOthersAndCoversThemAsOftenAsItSays()
    {
        var errors = new List<double>();
        var covered = 0;
        for (var seed = 0UL; seed < 6; seed++)
        {
            var world = World(seed);
            var known = Half(world, seed);
            var model = new CrossPathModel(known);
            foreach (var point in world.Except(known))
            {
                var predicted = model.Predict(point.Point, 0.9);
                errors.Add(Math.Abs((predicted.Value / point.QuietUs) - 1));
                covered += predicted.Low <= point.QuietUs && point.QuietUs <= predicted.High ? 1 : 0;
            }
        }

        errors.Sort();
        Assert.InRange(Percentiles.Interpolated([.. errors], 0.5), 0, 0.03);
        Assert.InRange((double)covered / errors.Count, 0.82, 0.98);
    }

    [Fact]
    public void Predict_MeasurementsThatAreFarOffThemselves_CoversWhatIsMeasuredAsOftenAsItSays()
    {
        var (covered, all) = (0, 0);
        for (var seed = 0UL; seed < 6; seed++)
        {
            var world = World(seed, noise: 0.3);
            var known = Half(world, seed);
            var model = new CrossPathModel(known);
            foreach (var point in world.Except(known))
            {
                var predicted = model.Predict(point.Point, 0.9);
                covered += predicted.Low <= point.QuietUs && point.QuietUs <= predicted.High ? 1 : 0;
                all++;
            }

            // What a measurement is off by is no doubt about the path.
            Assert.All(world, point => Assert.True(Math.Exp(model.LogDeviation(point.Point)) < model.Predict(point.Point, 0.6827).High / model.Predict(point.Point, 0.6827).Value));
        }

        Assert.InRange((double)covered / all, 0.82, 0.98);
    }

    [Fact]
    public void Predict_WithTheProcess_ComesCloserThanTheRooflineAlone()
    {
        var world = World(3);
        var known = Half(world, 3);
        var (roofline, process) = (new RooflineModel(known), new CrossPathModel(known));
        var rest = world.Except(known).ToArray();
        Assert.InRange(Median(process), 0, 0.5 * Median(roofline));

        double Median(IPathModel model) => Percentiles.Interpolated([.. rest.Select(point => Math.Abs((model.Predict(point.Point, 0.9).Value / point.QuietUs) - 1)).Order()], 0.5);
    }

    [Fact]
    public void Predict_ValueOfAKnobThatWasNeverSeen_HasAWiderInterval()
    {
        var world = World(1);
        var known = world.Where(point => point.Point.Levels[0] != "int4").ToArray();
        var model = new CrossPathModel([.. known.Where((_, i) => i % 3 != 0)]);
        Assert.InRange(Width(world.First(point => point.Point.Levels[0] == "int4")), 1.5 * Width(known[0]), double.MaxValue);

        double Width(MeasuredPoint point)
        {
            var interval = model.Predict(point.Point, 0.9);
            return Math.Log(interval.High / interval.Low);
        }
    }

    [Fact]
    public void Predict_OneConfigurationKnown_StillAnswersWithALowBelowAndAHighAbove()
    {
        var world = World(2);
        var model = new CrossPathModel(world[..Batches.Length]);
        Assert.All(world, point =>
        {
            var (value, low, high) = model.Predict(point.Point, 0.9);
            Assert.True(0 < low && low < value && value < high && double.IsFinite(high));
        });
    }

    [Fact]
    public void Roofline_SumsOfTerms_AreFoundAgain()
    {
        MeasuredPoint[] points = [.. World(4).Select(point => point with { QuietUs = (2 * point.Point.Terms[0]) + (1.5 * point.Point.Terms[2]) })];
        var model = new RooflineModel(points);
        Assert.Equal([2, 0, 1.5], model.Factors.Select(factor => Math.Round(factor, 4)));
        Assert.All(points, point => Assert.Equal(point.QuietUs, model.QuietUs(point.Point), 1e-3 * point.QuietUs));
    }

    [Fact]
    public void Roofline_MoreWork_NeverTakesLess()
    {
        var model = new RooflineModel(World(5));
        var point = World(5)[0].Point;
        foreach (var term in Enumerable.Range(0, 3))
        {
            var more = point with { Terms = [.. point.Terms.Select((value, i) => i == term ? 2 * value : value)] };
            Assert.InRange(model.QuietUs(more), model.QuietUs(point), double.MaxValue);
        }
    }

    private static MeasuredPoint[] Half(MeasuredPoint[] world, ulong seed) =>
        [.. world.Where((_, i) => SplitMix64.Mix((100 * seed) + (ulong)(i / Batches.Length)) % 2 == 0)];

    /// <summary>Every combination of the knobs: a roofline, effects of each knob, an interaction of two, and noise. <c>[configurations × batches]</c></summary>
    private static MeasuredPoint[] World(ulong seed, double noise = Noise)
    {
        var random = new SplitMix64(seed);
        var rows = Rows.ToDictionary(name => name, _ => 0.15 * random.NextNormal());
        var layers = Layers.ToDictionary(name => name, _ => 0.15 * random.NextNormal());
        var cores = Cores.ToDictionary(name => name, _ => 0.3 * random.NextNormal());
        var both = Layers.SelectMany(_ => Cores, (layer, core) => (layer, core)).ToDictionary(pair => pair, _ => 0.05 * random.NextNormal());
        var points = new List<MeasuredPoint>();
        foreach (var (row, layer, core) in Rows.SelectMany(_ => Layers, (row, layer) => (row, layer)).SelectMany(_ => Cores, (pair, core) => (pair.row, pair.layer, core)))
        {
            foreach (var batch in Batches)
            {
                double[] terms = [20, batch * (2.0 - (0.4 * Array.IndexOf(Rows, row))), batch * (layer == "int8" ? 1.5 : 3.0)];
                var log = rows[row] + layers[layer] + cores[core] + both[(layer, core)] + (noise * random.NextNormal());
                points.Add(new MeasuredPoint(new PathPoint(terms, [row, layer, core], batch), (terms[0] + (1.3 * terms[1]) + (1.1 * terms[2])) * Math.Exp(log), 4.3 * noise));
            }
        }

        return [.. points];
    }
}
