using System.Globalization;
using Rectune.Core.Domain;

namespace Rectune.Core.Workloads;

/// <summary>Queries of a recorded load, one a line: <c>seconds,samples</c>; also <c>seconds</c> alone, or <c>samples</c> alone, or a histogram's <c>samples,count</c>.</summary>
public static class QueryTrace
{
    /// <summary>Problems that are listed before the rest are only counted.</summary>
    private const int MostProblems = 10;

    /// <summary>The first column as instants: seconds from any origin, never falling.</summary>
    /// <exception cref="InvalidInputException">A line that is not one of a trace, or too few.</exception>
    public static IReadOnlyList<double> Instants(string text, string file)
    {
        var seconds = new List<double>();
        var problems = new Problems(file);
        foreach (var (number, columns) in Lines(text))
        {
            if (columns.Length > 2 || !IsInstant(columns[0], out var at))
            {
                problems.Add(number, $"found '{string.Join(',', columns)}', expected seconds, or seconds,samples");
            }
            else if (seconds.Count > 0 && at < seconds[^1])
            {
                problems.Add(number, $"found an arrival at {at} s after one at {seconds[^1]} s, expected instants that never fall");
            }
            else
            {
                seconds.Add(at);
            }
        }

        problems.ThrowIfAny();
        return seconds.Count >= TraceArrivals.Fewest && seconds[^1] > seconds[0]
            ? seconds
            : throw new InvalidInputException(file, $"found {seconds.Count} arrivals, expected at least {TraceArrivals.Fewest}, not all at once", "record a longer load");
    }

    /// <summary>The last column as sizes of queries, counted.</summary>
    /// <exception cref="InvalidInputException">A line that is not one of a trace, or none.</exception>
    public static IReadOnlyList<SizeCount> Sizes(string text, string file)
    {
        var counts = new SortedDictionary<int, long>();
        var problems = new Problems(file);
        int? columnsOfAll = null;
        foreach (var (number, columns) in Lines(text))
        {
            columnsOfAll ??= columns.Length <= 2 ? columns.Length : null;
            if (columns.Length > 2 || columns.Length != columnsOfAll || (columns.Length == 2 && !IsInstant(columns[0], out _)) || !Samples(columns[^1], out var samples))
            {
                problems.Add(number, $"found '{string.Join(',', columns)}', expected {(columnsOfAll == 1 ? "samples" : "seconds,samples")} as in every line, with samples a whole number from 1 to {FixedSizes.Largest}");
            }
            else
            {
                counts[samples] = counts.GetValueOrDefault(samples) + 1;
            }
        }

        return Counted(counts, problems, file);
    }

    private static bool IsInstant(string text, out double seconds) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds) && double.IsFinite(seconds);

    /// <summary>Sizes with how often each was seen.</summary>
    /// <exception cref="InvalidInputException">A line that is not one of a histogram, or none.</exception>
    public static IReadOnlyList<SizeCount> Histogram(string text, string file)
    {
        var counts = new SortedDictionary<int, long>();
        var problems = new Problems(file);
        foreach (var (number, columns) in Lines(text))
        {
            if (columns.Length != 2 || !Samples(columns[0], out var samples) || !long.TryParse(columns[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > 1L << 40)
            {
                problems.Add(number, $"found '{string.Join(',', columns)}', expected samples,count with samples from 1 to {FixedSizes.Largest} and a count from 1");
            }
            else
            {
                counts[samples] = counts.GetValueOrDefault(samples) + count;
            }
        }

        return Counted(counts, problems, file);
    }

    private static IReadOnlyList<SizeCount> Counted(SortedDictionary<int, long> counts, Problems problems, string file)
    {
        problems.ThrowIfAny();
        return counts.Count > 0
            ? [.. counts.Select(size => new SizeCount { Samples = size.Key, Count = size.Value })]
            : throw new InvalidInputException(file, "found no query, expected one a line");
    }

    private static bool Samples(string text, out int samples) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out samples) && samples is >= 1 and <= FixedSizes.Largest;

    /// <summary>Lines that are not empty and no comments, cut at commas; a first line without any number names the columns and is passed over.</summary>
    private static IEnumerable<(int Number, string[] Columns)> Lines(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var number = 0;
        var first = true;
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var columns = line.Split(',', StringSplitOptions.TrimEntries);
            if (!first || columns.Any(column => double.TryParse(column, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
            {
                yield return (number, columns);
            }

            first = false;
        }
    }

    private sealed class Problems(string file)
    {
        private readonly List<InputProblem> found = [];
        private int more;

        public void Add(int line, string problem)
        {
            if (found.Count < MostProblems)
            {
                found.Add(new InputProblem($"{file}({line})", problem));
            }
            else
            {
                more++;
            }
        }

        public void ThrowIfAny()
        {
            if (more > 0)
            {
                found.Add(new InputProblem(file, $"{more} more lines like these"));
            }

            if (found.Count > 0)
            {
                throw new InvalidInputException([.. found]);
            }
        }
    }
}
