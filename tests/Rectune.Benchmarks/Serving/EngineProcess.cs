using System.Diagnostics;
using System.Globalization;

namespace Rectune.Benchmarks.Serving;

/// <summary>A process on a core of its own with a model, which serves it over HTTP, and runs it in a loop while nobody asks that, as it is told; <see cref="EngineCommands"/> is its other end.</summary>
internal sealed class EngineProcess : IDisposable
{
    private readonly Process process;

    /// <param name="core">The only core that it has.</param>
    public EngineProcess(int core, Options options, int samples)
    {
        var start = new ProcessStartInfo("taskset", ["-c", Text(core), "dotnet", Path.Combine(AppContext.BaseDirectory, "Rectune.Benchmarks.dll"), EngineCommands.Name])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (var argument in new[] { "--model", options.Text("--model", "dlrm"), "--rows-cap", options.Text("--rows-cap", "200000"), "--samples", Text(samples) })
        {
            start.ArgumentList.Add(argument);
        }

        process = Process.Start(start) ?? throw new InvalidOperationException("taskset did not start");
        var addresses = Answer().Split(' ');
        (Address, SpinningAddress) = (addresses[0], addresses[1]);
    }

    /// <summary>Of its server.</summary>
    public string Address { get; }

    /// <summary>Of another, whose idle instance looks for work.</summary>
    public string SpinningAddress { get; }

    /// <summary>Of runs that follow each other at once.</summary>
    public double RawSamplesPerSecond(double seconds) => Number(Ask($"{EngineCommands.Raw} {Text(seconds)}"));

    /// <summary>A run's p50 from its scheduled instant at light load, microseconds.</summary>
    public double RawLightUs(int samples) => Number(Ask($"{EngineCommands.Light} {Text(samples)}"));

    /// <summary>Collections of the oldest generation so far.</summary>
    public int Collections() => (int)Number(Ask(EngineCommands.Collections));

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private string Ask(string command)
    {
        process.StandardInput.WriteLine(command);
        process.StandardInput.Flush();
        return Answer();
    }

    private string Answer() => process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the process with the engine ended; what it printed says why");
}
