using System.Globalization;

namespace Rectune.Benchmarks.Serving;

/// <summary>What the system says of another process at one moment (proc_pid_status(5)); memory in MiB.</summary>
/// <param name="ResidentMiB">Now.</param>
/// <param name="PeakMiB">Most ever.</param>
/// <param name="Files">Open, connections included.</param>
internal sealed record ProcessSample(double ResidentMiB, double PeakMiB, int Files, int Threads)
{
    public static ProcessSample Of(int process)
    {
        var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}");
        var status = File.ReadAllLines($"{folder}/status").Select(line => line.Split(':', 2)).Where(line => line.Length == 2).ToDictionary(line => line[0], line => line[1], StringComparer.Ordinal);
        return new ProcessSample(Number("VmRSS") / 1024.0, Number("VmHWM") / 1024.0, Directory.EnumerateFileSystemEntries($"{folder}/fd").Count(), Number("Threads"));

        int Number(string name) => int.Parse(status[name].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
