using Microsoft.ML.OnnxRuntime;
using Rectune.Core.Domain;

namespace Rectune.Tests.Fakes;

/// <summary>Runs a model's dense graph in ONNX Runtime, plainly.</summary>
internal static class GraphRun
{
    /// <returns><c>[samples][outputs]</c></returns>
    public static float[][] Scores(byte[] graph, ModelCard card, IReadOnlyList<ModelSample> samples) =>
        Scores(graph, card, [.. samples.Select(sample => sample.Dense)], [.. samples.Select(sample => sample.Pooled(card))]);

    /// <param name="graph">An ONNX file.</param>
    /// <param name="card">Its model.</param>
    /// <param name="denseRows"><c>[samples][dense features]</c></param>
    /// <param name="pooledRows"><c>[samples][layout width]</c></param>
    /// <returns><c>[samples][outputs]</c></returns>
    public static float[][] Scores(byte[] graph, ModelCard card, float[][] denseRows, float[][] pooledRows)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(graph, options);
        using var run = new RunOptions();
        using var pooled = Tensor(pooledRows);
        using var dense = card.DenseFeatures > 0 ? Tensor(denseRows) : null;
        var inputs = new Dictionary<string, OrtValue> { [DenseTensors.Pooled] = pooled };
        if (dense is not null)
        {
            inputs[DenseTensors.Dense] = dense;
        }

        using var results = session.Run(run, inputs, [DenseTensors.Score]);
        var scores = results[0].GetTensorDataAsSpan<float>().ToArray();
        return [.. scores.Chunk(scores.Length / pooledRows.Length)];
    }

    private static OrtValue Tensor(float[][] rows) => OrtValue.CreateTensorValueFromMemory<float>([.. rows.SelectMany(row => row)], [rows.Length, rows[0].Length]);
}
