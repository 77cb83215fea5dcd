using Rectune.Core.Domain;
using Rectune.Core.Planning;
using Rectune.Core.Search;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Planning;

public sealed class PathSearchTests
{
    private static readonly PlanRequest Request = PlanScript.Request();
    private static readonly SearchSpace Space = SearchSpace.ForCpu(2);
    private static readonly IReadOnlyList<Configuration> Configurations = Space.Configurations;
    private static readonly ScriptedMeasurer Measurer = new(Request, PlanScript.Affine);

    [Fact]
    public void Run_PathThatFailsAfterItsFirstBatch_IsWorthNothingAndIsNotAskedForAgain()
    {
        var book = new MeasurementBook(Planner.Question(Request));
        var search = new PathSearch(Request, Space, Configurations, book);
        HashSet<string> begun = [];
        HashSet<string> failed = [];
        search.Run(
            (chosen, batches, _) =>
            {
                foreach (var configuration in chosen)
                {
                    Assert.DoesNotContain(configuration.Id(), failed);
                    if (configuration.TablePrecision == TablePrecision.Int8 && !begun.Add(configuration.Id()))
                    {
                        failed.Add(configuration.Id());
                        continue;
                    }

                    Add(book, configuration, batches);
                }
            },
            seconds: 60,
            rounds: 8,
            CancellationToken.None);
        Assert.NotEmpty(failed);
        Assert.All(Enumerable.Range(0, Configurations.Count).Where(i => failed.Contains(Configurations[i].Id())), i =>
        {
            Assert.True(search.State.IsStarted(i));
            Assert.Equal(0, search.State.ValueOf(i));
        });
    }

    [Fact]
    public void Run_EverythingKnownBefore_ValuesEachAsThePlanDoes()
    {
        var book = new MeasurementBook(Planner.Question(Request));
        foreach (var configuration in Configurations)
        {
            Add(book, configuration, Space.Batches);
        }

        var search = new PathSearch(Request, Space, Configurations, book);
        var curves = new KnownCurves(Request, Space, book);
        var evaluator = new PathEvaluator(Request, Space);
        Assert.All(Enumerable.Range(0, Configurations.Count), i => Assert.Equal(evaluator.Screen(Configurations[i], curves.Of(Configurations[i])!).Qps, search.State.ValueOf(i)));
    }

    [Fact]
    public void Run_OnePathMeasuredInANoisyMinute_IsValuedWithTheStallsOfAllAlike()
    {
        var alike = Configurations.Skip(1).First(c => (c.Instances, c.Threads) == (Configurations[0].Instances, Configurations[0].Threads));
        Assert.True(Value(noisy: true) < Value(noisy: false));

        double Value(bool noisy)
        {
            var book = new MeasurementBook(Planner.Question(Request));
            foreach (var configuration in Configurations)
            {
                foreach (var row in Measurer.Rows(configuration, Space.Batches))
                {
                    // Every tenth run of one path loses 30 ms.
                    Assert.True(book.Add(noisy && configuration == alike ? row with { ServiceUs = [.. row.ServiceUs.Select((us, i) => i % 10 == 9 ? us + 30_000 : us)] } : row));
                }
            }

            return new PathSearch(Request, Space, Configurations, book).State.ValueOf(0)!.Value;
        }
    }

    private static void Add(MeasurementBook book, Configuration configuration, IReadOnlyList<int> batches)
    {
        foreach (var row in Measurer.Rows(configuration, batches))
        {
            Assert.True(book.Add(row));
        }
    }
}
