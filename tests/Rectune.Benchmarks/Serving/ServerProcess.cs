using System.Collections.Concurrent;
using System.Diagnostics;

namespace Rectune.Benchmarks.Serving;

/// <summary>A server as a child process, ready for queries once it is made; it ends with this object, and at the latest with this program.</summary>
internal sealed class ServerProcess : IDisposable
{
    /// <summary>Large tables take their time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(10);

    /// <summary>What the address that a server prints begins with.</summary>
    private const string Loopback = "http://127.0.0.1:";

    private readonly Process process;
    private readonly ConcurrentQueue<string> said = new();
    private readonly TaskCompletionSource<string> address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="program">Prints a line with its address once it serves.</param>
    public ServerProcess(string program, IEnumerable<string> arguments)
    {
        process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false },
        };
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        AppDomain.CurrentDomain.ProcessExit += OnProgramEnds;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            Address = address.Task.WaitAsync(Patience).GetAwaiter().GetResult();
        }
        catch
        {
            Console.Error.WriteLine($"{program} does not serve; it said:\n{string.Join('\n', said)}");
            Dispose();
            throw;
        }
    }

    /// <summary>Such as <c>http://127.0.0.1:8000</c>.</summary>
    public string Address { get; }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProgramEnds;
        End();
        process.Dispose();
    }

    private void OnProgramEnds(object? sender, EventArgs e) => End();

    /// <summary>Its own processes end with it.</summary>
    private void End()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit(LongestEnd);
        }
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            address.TrySetException(new InvalidOperationException("the server ended before it served"));
            return;
        }

        Keep(line);
        var at = line.IndexOf(Loopback, StringComparison.Ordinal);
        if (at >= 0)
        {
            address.TrySetResult(line[at..].Split(' ', ',')[0]);
        }
    }

    private void Keep(string? line)
    {
        if (line is not null && !address.Task.IsCompleted)
        {
            said.Enqueue(line);
        }
    }
}
