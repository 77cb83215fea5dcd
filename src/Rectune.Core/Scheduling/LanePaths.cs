using System.Runtime.CompilerServices;

namespace Rectune.Core.Scheduling;

/// <summary>The paths of one device: what their runs are planned to take and have lately taken, and how fast a line is worked off with them. Allocates nothing after construction.</summary>
internal sealed class LanePaths
{
    /// <summary>Weight of the last run in the mean of how many times its typical time a path takes.</summary>
    private const double Learning = 0.02;

    /// <summary>Runs are never taken to need less or more than this many times what was planned.</summary>
    private const double LeastTimes = 0.25;

    private const double MostTimes = 8;

    /// <summary>Part of what was learned of a path that a run of another takes away.</summary>
    private const double Forgetting = 0.002;

    /// <summary>Change of what a path takes after which drain and slack are counted anew.</summary>
    private const double NotedChange = 0.05;

    private readonly int splitSamples;
    private readonly double? floor;
    private readonly double? qualityMin;
    private readonly PathTimes[] paths;

    // Places of the paths in the settings' list.
    private readonly int[] indices;

    // Qualities that a query's floor may ask for, ascending; the grade of a path is how many of them it has. Up to the highest quality that all are known to have, a floor asks for nothing.
    private readonly double[] graded;
    private readonly double heldByAll;
    private readonly int[] grades;

    // By grade: what a sample takes beyond the drain of the line where it must be answered by that grade, nanoseconds. Whole ones, so that what is added is taken away to the last.
    private readonly long[] extraNs;

    // How many times its planned time each path has taken lately, and when drain and slack were last counted.
    private readonly double[] times;
    private readonly double[] notedTimes;

    /// <param name="paths">At least one.</param>
    /// <param name="indices">Places of the paths in the settings' list.</param>
    /// <param name="instances">Of the device.</param>
    /// <param name="splitSamples">A query larger than this is cut.</param>
    /// <param name="qualityMin">Floor of the mean quality over all devices; null for none.</param>
    public LanePaths(IReadOnlyList<PathTimes> paths, IReadOnlyList<int> indices, int instances, int splitSamples, double? qualityMin)
    {
        this.paths = [.. paths];
        this.indices = [.. indices];
        (Instances, this.splitSamples) = (instances, splitSamples);

        // A device without any path above the floor works as fast as it can while others earn what it spends.
        floor = qualityMin;
        this.qualityMin = paths.Any(path => path.IsQualityKnown && path.Quality >= qualityMin) ? qualityMin : null;
        double[] known = [.. paths.Where(path => path.IsQualityKnown).Select(path => path.Quality).Distinct().Order()];
        var areKnown = paths.All(path => path.IsQualityKnown);
        heldByAll = areKnown ? known[0] : double.NegativeInfinity;
        graded = areKnown ? known[1..] : known;
        grades = [.. paths.Select(path => path.IsQualityKnown ? graded.Count(quality => path.Quality >= quality) : 0)];
        extraNs = new long[graded.Length + 1];
        BestQuality = known.LastOrDefault(double.NegativeInfinity);
        LargestBatch = paths.Max(path => path.MaxBatch);
        ArePlanned = paths.All(path => path.IsPlanned);
        times = new double[paths.Count];
        notedTimes = new double[paths.Count];
        Array.Fill(times, 1);
        Note();
    }

    public int Count => paths.Length;

    /// <summary>Those of the device that a query is spread over, at least 1; drain and slack of its line are the owner's to count anew.</summary>
    public int Instances { get; set; }

    /// <summary>Whether anything is known of what runs take.</summary>
    public bool ArePlanned { get; }

    /// <summary>Samples of the largest run of any path.</summary>
    public int LargestBatch { get; }

    /// <summary>What a sample takes an instance where the line is worked off as fast as quality allows, nanoseconds.</summary>
    public double DrainNs { get; private set; }

    /// <summary>The highest that is known of a path; negative infinity where none is.</summary>
    public double BestQuality { get; }

    public double Quality(int path) => paths[path].Quality;

    /// <summary>Qualities above the lowest that it is known to have: the higher the grade, the better the path.</summary>
    public int Grade(int path) => grades[path];

    /// <summary>The least grade that meets a query's floor of quality, 0 where every path does; −1 where none is known to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int GradeOf(double qualityMin) => qualityMin <= heldByAll ? 0 : LeastGrade(qualityMin);

    /// <summary>What a sample that asks for a grade takes beyond <see cref="DrainNs"/>, nanoseconds.</summary>
    public long ExtraNs(int grade) => extraNs[grade];

    public int MaxBatch(int path) => paths[path].MaxBatch;

    /// <summary>Place in the settings' list.</summary>
    public int IndexOf(int path) => indices[path];

    /// <summary>What a run is planned to take, nanoseconds.</summary>
    public long PlannedNs(int path, int samples) => paths[path].PlannedNs(samples);

    /// <summary>What a run usually takes, by what runs have taken lately, nanoseconds.</summary>
    public double TypicalNs(int path, int samples) => RunNs(path, samples) * paths[path].TypicalShare;

    /// <summary>What a run is expected to take at most, by the plan and by what runs have taken lately, nanoseconds.</summary>
    public double RunNs(int path, int samples) => paths[path].PlannedNs(Math.Min(samples, paths[path].MaxBatch)) * times[path];

    /// <summary>The largest run of a path, at least <paramref name="least"/> samples, that takes at most so long; 0 where even that takes longer.</summary>
    public int LargestWithin(int path, int least, int most, double ns)
    {
        most = Math.Min(most, paths[path].MaxBatch);
        if (least > most || RunNs(path, least) > ns)
        {
            return 0;
        }

        while (least < most)
        {
            var middle = least + ((most - least + 1) / 2);
            if (RunNs(path, middle) <= ns)
            {
                least = middle;
            }
            else
            {
                most = middle - 1;
            }
        }

        return least;
    }

    /// <summary>Whether a query would be in time on the idle device if runs took what was planned.</summary>
    public bool IsPlannedWithin(int samples, int grade, long ns)
    {
        for (var path = 0; path < paths.Length; path++)
        {
            if (grades[path] >= grade && QueryNs(path, samples) / times[path] <= ns)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What a query takes on the idle lane, spread over its instances, nanoseconds.</summary>
    public double QueryNs(int path, int samples)
    {
        var parts = (int)(((long)samples + splitSamples - 1) / splitSamples);
        var width = Math.Min(parts, Instances);
        return WorkNs(path, Math.Min(samples, (parts + width - 1) / width * ((samples + parts - 1) / parts)));
    }

    /// <summary>What one instance takes at most for so many samples, on the path of a grade that takes least, nanoseconds.</summary>
    public double LeastRunNs(int samples, int grade)
    {
        var least = double.PositiveInfinity;
        for (var path = 0; path < paths.Length; path++)
        {
            least = grades[path] >= grade ? Math.Min(least, WorkNs(path, samples)) : least;
        }

        return least;
    }

    /// <summary>The same on the path that takes least of those of a grade: of all of them, or of those above the floor of quality.</summary>
    public double LeastQueryNs(int samples, int grade, bool aboveFloor = false)
    {
        var least = double.PositiveInfinity;
        for (var path = 0; path < paths.Length; path++)
        {
            if (grades[path] < grade)
            {
                continue;
            }

            if (!aboveFloor || floor is not { } asked || paths[path].Quality >= asked)
            {
                least = Math.Min(least, QueryNs(path, samples));
            }
        }

        return least;
    }

    /// <summary>Takes over what a run took; true where drain and slack must be counted anew.</summary>
    /// <param name="index">Place of the path in the settings' list.</param>
    public bool Learn(int index, long plannedNs, long tookNs)
    {
        var path = Array.IndexOf(indices, index);
        for (var other = 0; other < times.Length; other++)
        {
            // One stall must not speak for many runs; and what has not run for long is believed to take what was planned again.
            var (seen, weight) = other == path ? (Math.Clamp(tookNs / (plannedNs * paths[path].TypicalShare), LeastTimes, MostTimes), Learning) : (1, Forgetting);
            times[other] += weight * (seen - times[other]);
        }

        if (!IsNews())
        {
            return false;
        }

        Note();
        return true;
    }

    private bool IsNews()
    {
        for (var path = 0; path < times.Length; path++)
        {
            if (Math.Abs(times[path] - notedTimes[path]) > NotedChange * notedTimes[path])
            {
                return true;
            }
        }

        return false;
    }

    private void Note()
    {
        times.CopyTo(notedTimes, 0);
        DrainNs = Drain(grade: 0);
        for (var grade = 1; grade < extraNs.Length; grade++)
        {
            extraNs[grade] = (long)Math.Max(0, Drain(grade) - DrainNs);
        }
    }

    private int LeastGrade(double qualityMin)
    {
        for (var i = 0; i < graded.Length; i++)
        {
            if (graded[i] >= qualityMin)
            {
                return i + 1;
            }
        }

        return -1;
    }

    /// <summary>Of a path, or of two in the shares that just meet the floor of quality: a linear programme with one constraint has its best answer there.</summary>
    private double Drain(int grade)
    {
        var least = double.PositiveInfinity;
        for (var i = 0; i < paths.Length; i++)
        {
            if (grades[i] < grade)
            {
                continue;
            }

            if (qualityMin is not { } floor || paths[i].Quality >= floor)
            {
                least = Math.Min(least, SampleNs(i));
                continue;
            }

            for (var j = 0; j < paths.Length; j++)
            {
                if (grades[j] >= grade && paths[j].Quality > floor)
                {
                    var share = (floor - paths[i].Quality) / (paths[j].Quality - paths[i].Quality);
                    least = Math.Min(least, (share * SampleNs(j)) + ((1 - share) * SampleNs(i)));
                }
            }
        }

        return least;
    }

    private double SampleNs(int path) => paths[path].NsPerSample * times[path];

    /// <summary>Of one instance, in as many of the largest runs as it needs.</summary>
    private double WorkNs(int path, int samples)
    {
        var most = paths[path].MaxBatch;
        return samples <= most ? RunNs(path, samples) : (double)samples / most * RunNs(path, most);
    }
}
