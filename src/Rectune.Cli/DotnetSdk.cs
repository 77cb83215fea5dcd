using System.ComponentModel;
using System.Diagnostics;

namespace Rectune.Cli;

/// <summary>The .NET SDK on the path.</summary>
internal static class DotnetSdk
{
    private const int TimeoutMs = 20_000;

    /// <summary>Its version; null when there is none.</summary>
    public static string? Version()
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo("dotnet", "--version") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true });
            var output = process?.StandardOutput.ReadToEndAsync();
            var errors = process?.StandardError.ReadToEndAsync();
            if (process is null || output is null || errors is null || !process.WaitForExit(TimeoutMs) || process.ExitCode != 0)
            {
                return null;
            }

            Task.WaitAll(output, errors);
            return output.Result.Trim();
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return null;
        }
    }
}
