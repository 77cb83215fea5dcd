using Rectune.Core.Planning;
using Rectune.Core.Search;

namespace Rectune.Benchmarks.Prediction;

/// <summary>One run of a search over a recording: which paths it had measured in full after how many seconds of measuring.</summary>
internal sealed class SearchTrace
{
    private readonly List<(double Seconds, int Path)> completed = [];

    /// <summary>Seconds of measuring, the incomplete paths' included, and the path that was complete then.</summary>
    public IReadOnlyList<(double Seconds, int Path)> Completed => completed;

    /// <summary>Paths in the order in which they are measured, all batches of each at once.</summary>
    public static SearchTrace Of(RecordedSpace space, IEnumerable<int> order)
    {
        var trace = new SearchTrace();
        var seconds = 0.0;
        foreach (var path in order)
        {
            seconds += space.Seconds[path];
            trace.completed.Add((seconds, path));
        }

        return trace;
    }

    /// <summary>The planner's own search, one measurement after the other.</summary>
    public static SearchTrace OfPlanner(RecordedSpace space, ulong seed, double mostSeconds)
    {
        var trace = new SearchTrace();
        var numbers = Enumerable.Range(0, space.Paths.Count).ToDictionary(i => space.Paths[i].Configuration.Id(), StringComparer.Ordinal);
        var book = new MeasurementBook(space.Searched.Question);
        var seconds = 0.0;
        var search = new PathSearch(space.Searched.Request(SearchStrategies.Improvement, seed), space.Space, [.. space.Paths.Select(path => path.Configuration)], book);
        search.Run(
            (configurations, batches, _) =>
            {
                foreach (var configuration in configurations)
                {
                    var number = numbers[configuration.Id()];
                    foreach (var row in space.Paths[number].Rows.Where(row => batches.Contains(row.Key.Batch)))
                    {
                        book.Add(row);
                        seconds += MeasuringCost.Seconds(row.MedianUs());
                    }

                    if (book.Covers(configuration, space.Space.Batches))
                    {
                        trace.completed.Add((seconds, number));
                    }
                }
            },
            mostSeconds,
            int.MaxValue,
            CancellationToken.None);
        return trace;
    }

    /// <summary>What was found in so many seconds, judged.</summary>
    public (double Rate, double Frontier) At(RecordedSpace space, double seconds) =>
        space.Judge([.. completed.TakeWhile(found => found.Seconds <= seconds).Select(found => found.Path)]);

    /// <summary>Seconds until both rate and frontier reach <paramref name="share"/> of what the whole recording finds; infinite where they do not.</summary>
    public double SecondsTo(RecordedSpace space, double share)
    {
        var (rate, frontier) = space.Judge([.. Enumerable.Range(0, space.Paths.Count)]);
        List<int> found = [];
        foreach (var (seconds, path) in completed)
        {
            found.Add(path);
            var judged = space.Judge(found);
            if (judged.Rate >= share * rate && judged.Frontier >= share * frontier)
            {
                return seconds;
            }
        }

        return double.PositiveInfinity;
    }
}
