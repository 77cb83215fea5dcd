using Rectune.Core.Domain;

namespace Rectune.Core.Formats;

/// <summary>Measurements as text (<c>rectune.measurement/1</c>): one line a row, appended to a journal.</summary>
public static class MeasurementFormat
{
    /// <summary>The row on one line, without a line end.</summary>
    public static string WriteLine(MeasurementRow row) => RecordText.WriteLine(row);

    /// <summary>Reads one line; <paramref name="lineNumber"/>, counted from 1, is only shown.</summary>
    public static MeasurementRow ReadLine(string line, string fileName, int lineNumber) =>
        RecordText.Read<MeasurementRow>(new InputText(fileName, line, lineNumber), Check);

    /// <summary>
    /// Reads a whole journal. A last line without its line end is one that was being written when the process died: it is left out and
    /// <paramref name="torn"/> says so. Any other malformed line is refused, all problems of all lines at once.
    /// </summary>
    public static IReadOnlyList<MeasurementRow> ReadJournal(string text, string fileName, out bool torn)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.Split('\n');
        torn = lines[^1].Length > 0;
        var rows = new List<MeasurementRow>(lines.Length);
        var problems = new List<InputProblem>();
        for (var i = 0; i < lines.Length - 1; i++)
        {
            try
            {
                rows.Add(ReadLine(lines[i], fileName, i + 1));
            }
            catch (InvalidInputException e)
            {
                problems.AddRange(e.Problems);
            }
        }

        return problems.Count == 0 ? rows : throw new InvalidInputException(problems);
    }

    private static void Check(MeasurementRow row, RecordProblems problems)
    {
        problems.Require(row.Key.Batch > 0, ".key.batch", row.Key.Batch, "a positive batch");
        PlanChecks.CheckConfiguration(row.Key.Configuration, problems.Below(".key.configuration"));
        problems.Require(row.YardstickUs > 0, ".yardstickUs", row.YardstickUs, "a positive time");
        CheckTimes(row.ServiceUs, ".serviceUs", problems);
        CheckTimes(row.DisturbedUs, ".disturbedUs", problems);
    }

    private static void CheckTimes(IReadOnlyList<double> times, string path, RecordProblems problems)
    {
        for (var i = 0; i < times.Count; i++)
        {
            problems.Require(times[i] > 0, $"{path}[{i}]", times[i], "a positive time");
        }
    }
}
