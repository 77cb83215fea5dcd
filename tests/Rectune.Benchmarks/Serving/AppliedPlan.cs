using System.Diagnostics;
using System.Globalization;
using System.Text;
using Newtonsoft.Json.Linq;
using Rectune.Benchmarks.Profiles;

namespace Rectune.Benchmarks.Serving;

/// <summary>A plan served by the program in a process of its own.</summary>
internal sealed class AppliedPlan : IDisposable
{
    private readonly Process process;

    public AppliedPlan(params string[] arguments)
    {
        process = Process.Start(RectuneProgram.Command(["apply", .. arguments, "--urls", "http://127.0.0.1:0", "--json", "--quiet"])) ?? throw new InvalidOperationException("rectune did not start");
        process.BeginErrorReadLine();
        var text = new StringBuilder();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            text.AppendLine(line);
            if (line == "}")
            {
                Url = (string)JObject.Parse(text.ToString())["urls"]![0]!;
                return;
            }
        }

        throw new InvalidOperationException("the server ended before it served");
    }

    public string Url { get; } = "";

    public Uri Address => new(Url);

    public int ProcessId => process.Id;

    public bool HasEnded => process.HasExited;

    /// <summary>Has the plan's file loaded anew.</summary>
    public void Reload() => Signal("HUP");

    /// <summary>Has it answer what it has and end; returns its exit code, null where it does not within a minute.</summary>
    public int? Stop()
    {
        Signal("TERM");
        return process.WaitForExit(TimeSpan.FromMinutes(1)) ? process.ExitCode : null;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
