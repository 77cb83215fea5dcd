using Rectune.Core.Domain;

namespace Rectune.Core.Formats;

/// <summary>Measurements as text (<c>rectune.measurement/2</c>): one line a row of a journal.</summary>
public static class MeasurementFormat
{
    /// <summary>The row on one line, without a line end.</summary>
    public static string WriteLine(MeasurementRow row) => RecordText.WriteLine(row);

    /// <summary>Reads one line.</summary>
    internal static MeasurementRow Read(InputText line) => RecordText.Read<MeasurementRow>(line, Check);

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
