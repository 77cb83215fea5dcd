using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Newtonsoft.Json.Linq;

namespace Rectune.EndToEnd;

/// <summary>Runs the launcher as a user does, in a folder of its own.</summary>
internal sealed class Rectune : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public Rectune() => Folder = Directory.CreateTempSubdirectory("rectune-e2e").FullName;

    public static string Root { get; } = FindRoot();

    /// <summary>Working folder of every run.</summary>
    public string Folder { get; }

    public string PathOf(string file) => Path.Combine(Folder, file);

    public string Write(string file, string text)
    {
        File.WriteAllText(PathOf(file), text);
        return file;
    }

    /// <summary>Runs to the end.</summary>
    public Result Run(params string[] arguments)
    {
        using var process = Start(arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"rectune {string.Join(' ', arguments)} ran longer than {Patience.TotalSeconds} s");
        }

        return new Result(process.ExitCode, output, error.Result);
    }

    /// <summary>Starts without waiting.</summary>
    public Process Start(params string[] arguments)
    {
        // Tests that run in the background are started with interrupts ignored, which what they start would inherit.
        return StartProgram("env", ["--default-signal=INT", Path.Combine(Root, "rectune"), .. arguments]);
    }

    /// <summary>The same where the process may have so many files open at once.</summary>
    public Process StartWithFiles(int files, params string[] arguments) => StartProgram(
        "bash", ["-c", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"ulimit -n {files}; exec env --default-signal=INT \"$0\" \"$@\""), Path.Combine(Root, "rectune"), .. arguments]);

    private Process StartProgram(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        start.Environment["NO_COLOR"] = "1";
        return Process.Start(start) ?? throw new InvalidOperationException("the launcher did not start");
    }

    /// <summary>Sends a signal by name, such as INT or TERM.</summary>
    public static void Signal(Process process, string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>What <c>apply --json</c> says once it serves.</summary>
    public static async Task<JObject> ReadNotice(Process server)
    {
        var text = new StringBuilder();
        while (await server.StandardOutput.ReadLineAsync() is { } line)
        {
            text.AppendLine(line);
            if (line == "}")
            {
                return JObject.Parse(text.ToString());
            }
        }

        throw new InvalidOperationException($"the server ended with exit code {server.ExitCode}, before it said where it serves: {text}");
    }

    /// <summary>Its first address.</summary>
    public static async Task<string> ReadUrl(Process server) => (string)(await ReadNotice(server))["urls"]![0]!;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var folder = new FileInfo(here).Directory;
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "global.json")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the tests do not run inside a checkout");
    }

    internal sealed record Result(int Code, string Output, string Error)
    {
        public override string ToString() => $"exit {Code}\nstdout: {Output}\nstderr: {Error}";
    }
}
