using Microsoft.ML.OnnxRuntime;
using Rectune.Core.Domain;

namespace Rectune.Tests.Fakes;

/// <summary>Runs a model's dense graph in ONNX Runtime, plainly.</summary>
internal static class GraphRun
{
    /// <returns><c>[samples][outputs]</c></returns>
    public static float[][] Scores(byte[] graph, ModelCard card, IReadOnlyList<ModelSample> samples)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(graph, options);
        using var run = new RunOptions();
        using var pooled = Tensor(samples.Select(sample => sample.Pooled(card)));
        using var dense = card.DenseFeatures > 0 ? Tensor(samples.Select(sample => sample.Dense)) : null;
        var inputs = new Dictionary<string, OrtValue> { [DenseTensors.Pooled] = pooled };
        if (dense is not null)
        {
            inputs[DenseTensors.Dense] = dense;
        }

        using var results = session.Run(run, inputs, [DenseTensors.Score]);
        var scores = results[0].GetTensorDataAsSpan<float>().ToArray();
        return [.. scores.Chunk(scores.Length / samples.Count)];
    }

    private static OrtValue Tensor(IEnumerable<float[]> rows)
    {
        var all = rows.ToArray();
        return OrtValue.CreateTensorValueFromMemory<float>([.. all.SelectMany(row => row)], [all.Length, all[0].Length]);
    }
}
