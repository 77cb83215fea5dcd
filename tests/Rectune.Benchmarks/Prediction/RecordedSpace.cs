using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Planning;
using Rectune.Core.Search;

namespace Rectune.Benchmarks.Prediction;

/// <summary>Paths that two recordings hold, with what each is worth by either and what it took to measure: what searches are judged by.</summary>
internal sealed class RecordedSpace
{
    private readonly double exactArea;

    /// <param name="searched">The recording that searches see.</param>
    /// <param name="judged">Another, of the same configurations, by which what they found is judged.</param>
    public RecordedSpace(RecordedModel searched, RecordedModel judged)
    {
        Searched = searched;
        var others = judged.Paths.ToDictionary(path => path.Configuration.Id(), StringComparer.Ordinal);
        var batches = searched.Paths.MaxBy(path => path.Rows.Count)!.Rows.Select(row => row.Key.Batch).ToArray();
        Paths = [.. searched.Paths.Where(path => path.Rows.Count == batches.Length && others.TryGetValue(path.Configuration.Id(), out var other) && other.Rows.Count == batches.Length)];
        Space = SearchSpace.ForCpu(searched.Machine.Cpu.Cores, new SpaceKnobs { Batches = batches });
        var evaluator = new PathEvaluator(searched.Request(SearchStrategies.Improvement, seed: 1), Space);
        var machine = new MachineSpread(Paths.SelectMany(path => path.Rows));
        var judging = new MachineSpread(Paths.SelectMany(path => others[path.Configuration.Id()].Rows));
        Values = new double[Paths.Count];
        JudgedValues = new double[Paths.Count];
        Parallel.For(0, Paths.Count, i =>
        {
            Values[i] = evaluator.Screen(Paths[i].Configuration, ServiceCurveFit.From(Paths[i].Rows, machine)).Qps;
            JudgedValues[i] = evaluator.Screen(Paths[i].Configuration, ServiceCurveFit.From(others[Paths[i].Configuration.Id()].Rows, judging)).Qps;
        });
        MemoryBytes = [.. Paths.Select(path => PathMemory.Bytes(searched.Card, path.Configuration, batches[^1]))];
        Seconds = [.. Paths.Select(path => path.Rows.Sum(row => MeasuringCost.Seconds(row.MedianUs())))];
        exactArea = Area(Enumerable.Range(0, Paths.Count), JudgedValues);
    }

    public RecordedModel Searched { get; }

    public SearchSpace Space { get; }

    public IReadOnlyList<RecordedPath> Paths { get; }

    /// <summary><c>[paths]</c>: highest rate at the model's target on a short simulation, from the recording that is searched.</summary>
    public double[] Values { get; }

    /// <summary><c>[paths]</c>: the same from the recording that judges.</summary>
    public double[] JudgedValues { get; }

    public IReadOnlyList<long> MemoryBytes { get; }

    /// <summary><c>[paths]</c>: what measuring all batches of a path takes.</summary>
    public IReadOnlyList<double> Seconds { get; }

    public double TotalSeconds => Seconds.Sum();

    /// <summary>What was found, over what there is: the judged rate of the path that looks best, over the judged best; and the judged area below the frontier of those found.</summary>
    public (double Rate, double Frontier) Judge(IReadOnlyCollection<int> found)
    {
        if (found.Count == 0)
        {
            return (0, 0);
        }

        var chosen = found.MaxBy(i => Values[i]);
        return (JudgedValues[chosen] / JudgedValues.Max(), Area(found, Values) / exactArea);
    }

    /// <summary>Judged area below the steps of the best rate over memory, up to the most that any path takes, of the paths that look as if they were on the frontier of those given.</summary>
    private double Area(IEnumerable<int> found, double[] looksLike)
    {
        var (area, looks, best, at) = (0.0, 0.0, 0.0, 0L);
        foreach (var i in found.OrderBy(i => MemoryBytes[i]).ThenByDescending(i => looksLike[i]))
        {
            if (looksLike[i] <= looks)
            {
                continue;
            }

            area += best * (MemoryBytes[i] - at);
            (looks, best, at) = (looksLike[i], Math.Max(best, JudgedValues[i]), MemoryBytes[i]);
        }

        return area + (best * (MemoryBytes.Max() - at));
    }
}
