using System.ComponentModel;
using System.Diagnostics;

namespace Rectune.Engine.Hardware;

/// <summary>Asks NVIDIA's management tool which devices there are.</summary>
public static class NvidiaSmi
{
    private const string Query = "--query-gpu=index,name,memory.total,driver_version --format=csv";
    private const int TimeoutMs = 10_000;

    /// <summary>The tool's answer; null when there is no tool, or it fails or hangs, as it does without a driver.</summary>
    public static string? Run(string tool = "nvidia-smi")
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(tool, Query) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true });
            if (process is null)
            {
                return null;
            }

            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(TimeoutMs))
            {
                process.Kill(entireProcessTree: true);
                return null;
            }

            Task.WaitAll(output, errors);
            return process.ExitCode == 0 ? output.Result : null;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Devices in the order of the answer; lines that are no device are skipped.</summary>
    public static IReadOnlyList<Gpu> Parse(string? csv)
    {
        var lines = (csv ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length == 0)
        {
            return [];
        }

        var header = Array.ConvertAll(lines[0].Split(','), h => h.Trim().Split(' ')[0]);
        var index = Array.IndexOf(header, "index");
        var name = Array.IndexOf(header, "name");
        var memory = Array.IndexOf(header, "memory.total");
        var driver = Array.IndexOf(header, "driver_version");
        if (index < 0 || name < 0 || memory < 0)
        {
            return [];
        }

        var gpus = new List<Gpu>();
        foreach (var line in lines.Skip(1))
        {
            var cells = Array.ConvertAll(line.Split(','), c => c.Trim());
            if (cells.Length == header.Length && KernelText.Number(cells[index]) is { } number)
            {
                gpus.Add(new Gpu((int)number, cells[name], KernelText.Size(cells[memory]) ?? 0, driver < 0 ? "" : cells[driver]));
            }
        }

        return gpus;
    }
}
