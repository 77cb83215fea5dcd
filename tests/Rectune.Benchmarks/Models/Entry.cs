namespace Rectune.Benchmarks.Models;

/// <summary>A contestant at one batch size, with the threads that suit it best there.</summary>
internal sealed class Entry(Contestant contestant, int batch)
{
    private const int Trials = 2;

    public string Name => contestant.Name;

    public int Batch => batch;

    public int Threads { get; private set; }

    /// <summary>Microseconds of the median run, one a round.</summary>
    public List<double> Us { get; } = [];

    public double MedianUs => Report.Median(Us);

    /// <summary>Tries every thread count in turn and keeps the fastest.</summary>
    public void ChooseThreads(IReadOnlyList<int> counts, double seconds)
    {
        var best = counts.ToDictionary(count => count, _ => double.MaxValue);
        for (var trial = 0; trial < Trials && counts.Count > 1; trial++)
        {
            foreach (var count in counts)
            {
                best[count] = Math.Min(best[count], contestant.MedianUs(count, batch, seconds));
            }
        }

        Threads = best.MinBy(pair => pair.Value).Key;
    }

    public void Visit(double seconds) => Us.Add(contestant.MedianUs(Threads, batch, seconds));

    /// <summary>How many times as fast as <paramref name="other"/>, one a round, in order of size.</summary>
    public double[] SpeedUps(Entry other) => [.. Us.Zip(other.Us, (own, others) => others / own).Order()];
}
