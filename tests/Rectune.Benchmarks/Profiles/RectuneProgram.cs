using System.Diagnostics;
using System.Runtime.CompilerServices;
using Newtonsoft.Json.Linq;

namespace Rectune.Benchmarks.Profiles;

/// <summary>The program as a user runs it.</summary>
internal static class RectuneProgram
{
    /// <summary>The program's file.</summary>
    public static string Launcher => Path.Combine(Root(), "rectune");

    /// <summary>The folder of everything that a build makes or fetches.</summary>
    public static string Artifacts => Path.Combine(Root(), "artifacts");

    /// <summary>How it is started, with both of its streams for whoever does.</summary>
    public static ProcessStartInfo Command(params string[] arguments) =>
        new(Launcher, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };

    /// <summary>Starts it; nobody reads what it prints but through the handlers.</summary>
    public static Process Start(params string[] arguments)
    {
        var process = Process.Start(Command(arguments)) ?? throw new InvalidOperationException("rectune did not start");
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }

    /// <summary>Runs it to its end.</summary>
    public static int Run(params string[] arguments)
    {
        using var process = Start(arguments);
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Runs it to its end; what it answers as JSON, null where it answers nothing.</summary>
    public static JObject? Answer(params string[] arguments)
    {
        var start = new ProcessStartInfo(Launcher, [.. arguments, "--quiet"]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("rectune did not start");
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text.TrimStart().StartsWith('{') ? JObject.Parse(text) : null;
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
