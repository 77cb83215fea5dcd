using System.Diagnostics;
using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Rectune.Benchmarks;

/// <summary>The Python half of a comparison: a child process that answers one JSON line for each JSON line.</summary>
internal sealed class PythonProcess : IDisposable
{
    public const string Torch = "python3-torch libopenblas0-pthread";

    private readonly Process process;
    private readonly string packages;

    /// <param name="script">A file beside this program.</param>
    /// <param name="threads">Threads that libraries of linear algebra may use.</param>
    /// <param name="packages">Debian packages that it needs, for the message where they are missing.</param>
    public PythonProcess(string script, int threads, string packages)
    {
        this.packages = packages;
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, script)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };

        // OpenBLAS has threads of its own, which torch.set_num_threads does not reach.
        start.Environment["OPENBLAS_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        process = Process.Start(start) ?? throw new InvalidOperationException("/usr/bin/python3 did not start");
    }

    public JObject Ask(object command)
    {
        process.StandardInput.WriteLine(JsonConvert.SerializeObject(command, Formatting.None));
        process.StandardInput.Flush();
        var line = process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"/usr/bin/python3 ended early; are its packages installed (sudo apt-get install -y {packages})?");
        return JObject.Parse(line);
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(5000))
        {
            process.Kill();
        }

        process.Dispose();
    }
}
