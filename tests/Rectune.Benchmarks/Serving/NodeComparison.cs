using System.Globalization;
using Rectune.Engine.Hardware;

namespace Rectune.Benchmarks.Serving;

/// <summary>Plans behind <c>rectune apply</c> against a plain ONNX Runtime server of the same model in Node.js, both found out about by <c>rectune bench</c>.</summary>
internal static class NodeComparison
{
    public static int Run(Options options)
    {
        if (NodeRuntime.Find(out var missing) is not { } node)
        {
            Console.Error.WriteLine($"skipped: {missing}");
            return 0;
        }

        var report = new Report(options, "The server over HTTP beside a plain ONNX Runtime server");
        var name = options.Text("--model", "dlrm");
        var cap = options.Whole("--rows-cap", 200_000);
        using var model = new ComparedModel(name, cap);
        using var questions = new ScoreQuestions(model);
        var bytes = new FileInfo(model.OnnxFile).Length;
        var (seconds, rounds) = (options.Number("--seconds", 20), options.Whole("--rounds", 3));
        var text = report.Text;
        text.Append(CultureInfo.InvariantCulture, $"- {name}, tables of at most {cap} rows, the same seeded weights on both sides; for the comparison server in one ONNX file of {bytes / 1e6:F0} MB, look-ups inside, the dense part as rectune writes it\n");
        text.Append(CultureInfo.InvariantCulture, $"- rectune: plans of its own search, served by `rectune apply` with ONNX Runtime {OnnxRuntimeLibrary.Version()}\n");
        text.Append(CultureInfo.InvariantCulture, $"- comparison: Node.js {node.Version}, onnxruntime-node {node.OrtVersion} on the processor, behind Node's HTTP server (`ort_server.mjs`); processes share the port; settings read processes x intra-op threads of each (0: ONNX Runtime's choice) x samples of waiting requests that run together (0: each by itself)\n");
        text.Append(CultureInfo.InvariantCulture, $"- client: `rectune bench`, binary tensors, open loop over keep-alive connections of 127.0.0.1, at most {seconds} s a rate, looking for the highest rate that is certified to hold the target; client and server share the machine's {report.Machine.Cpu.Cores} cores, for both servers alike\n");
        text.Append(CultureInfo.InvariantCulture, $"- goodput: queries inside the limit a second at that rate; a refused or failed query counts as over the limit; where no rate was certified, the highest at which no more were over the limit than may be; ratios within each of {rounds} rounds\n");
        foreach (var workload in options.Text("--workload", "deeprecsys-prod,fixed:16").Split(','))
        {
            new NodeContest(model, questions, options, workload).Hold(report);
        }

        report.Write("node.md");
        return 0;
    }
}
