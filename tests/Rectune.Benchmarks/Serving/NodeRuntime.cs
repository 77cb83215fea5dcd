using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Newtonsoft.Json.Linq;
using Rectune.Benchmarks.Profiles;

namespace Rectune.Benchmarks.Serving;

/// <summary>Node.js with the package onnxruntime-node that the build fetches, and the plain server that runs on both.</summary>
/// <param name="Version">Of Node.js.</param>
/// <param name="OrtVersion">Of onnxruntime-node.</param>
internal sealed record NodeRuntime(string Version, string OrtVersion)
{
    private const string Program = "node";
    private const string Script = "ort_server.mjs";

    private static string Modules => Path.Combine(RectuneProgram.Artifacts, "onnxruntime");

    /// <summary>Looks for both.</summary>
    /// <param name="missing">What is missing and how it is had; empty where nothing is.</param>
    public static NodeRuntime? Find(out string missing)
    {
        missing = "";
        var package = Path.Combine(Modules, "node_modules", "onnxruntime-node", "package.json");
        if (!File.Exists(package))
        {
            missing = $"{package} is not there: build with ONNX Runtime from npm, as is the default";
            return null;
        }

        try
        {
            using var process = Process.Start(new ProcessStartInfo(Program, ["--version"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            var version = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return new NodeRuntime(version, JObject.Parse(File.ReadAllText(package))["version"]!.Value<string>()!);
        }
        catch (Win32Exception)
        {
            missing = "Node.js is not there: install 18.3 or later (Debian and Ubuntu: sudo apt-get install -y nodejs)";
            return null;
        }
    }

    public static ServerProcess Start(OrtSetting setting, ComparedModel model) => new(
        Program,
        [
            Path.Combine(AppContext.BaseDirectory, Script),
            "--model", model.OnnxFile,
            "--name", model.Card.Name,
            "--modules", Modules,
            "--processes", setting.Processes.ToString(CultureInfo.InvariantCulture),
            "--intra-op-threads", setting.Threads.ToString(CultureInfo.InvariantCulture),
            "--max-batch", setting.MaxBatch.ToString(CultureInfo.InvariantCulture),
        ]);
}
