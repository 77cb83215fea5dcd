using System.Diagnostics;
using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Rectune.Benchmarks;

/// <summary>The PyTorch half of a comparison: a child process that answers one JSON line for each JSON line.</summary>
internal sealed class PyTorchProcess : IDisposable
{
    private readonly Process process;

    /// <param name="script">A file beside this program.</param>
    /// <param name="threads">Threads that PyTorch may use.</param>
    public PyTorchProcess(string script, int threads)
    {
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
            ?? throw new InvalidOperationException("PyTorch ended early; is python3-torch installed (sudo apt-get install -y python3-torch libopenblas0-pthread)?");
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
