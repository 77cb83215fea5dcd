using System.Diagnostics;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Rectune.Benchmarks;

/// <summary>The PyTorch half of a comparison: a child process that answers one JSON line for each JSON line.</summary>
internal sealed class PyTorchProcess : IDisposable
{
    private readonly Process process;

    public PyTorchProcess()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "dlrm_torch.py");
        var start = new ProcessStartInfo("/usr/bin/python3", [script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };

        // OpenBLAS has threads of its own, which torch.set_num_threads does not reach.
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        start.Environment["OMP_NUM_THREADS"] = "1";
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
