using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Rectune.Core.Domain;
using Rectune.Core.Onnx;
using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Engine.Import;

/// <summary>Shapes that only a run can tell.</summary>
internal static class ObservedShapes
{
    /// <summary>Runs the remaining graph once on zeros and notes the shapes of some of its values.</summary>
    /// <param name="model">Its graph, with all weights inside, is not changed.</param>
    /// <param name="values">Names of values of the graph.</param>
    /// <param name="batch">Samples.</param>
    /// <param name="fileName">Only shown.</param>
    public static IReadOnlyDictionary<string, long[]> Of(LiftedModel model, IReadOnlyList<string> values, int batch, string fileName)
    {
        var watching = model.Graph.Clone();
        var known = watching.Graph.Input.Concat(watching.Graph.Output).Select(value => value.Name).ToHashSet(StringComparer.Ordinal);
        string[] watched = [.. values.Where(value => !known.Contains(value))];
        watching.Graph.Output.AddRange(watched.Select(value => new ValueInfoProto { Name = value }));
        var bytes = watching.ToByteArray();
        using var session = new CheckedGraph(options => new InferenceSession(bytes, options), fileName, optimize: false);
        var shapes = new Dictionary<string, long[]>(StringComparer.Ordinal)
        {
            [DenseTensors.Dense] = [batch, model.DenseWidth],
            [DenseTensors.Pooled] = [batch, model.PooledWidth],
        };
        string[] outputs = [DenseTensors.Score, .. watched];
        var inputs = ResidualRun.Inputs(model, new float[batch * model.DenseWidth], new float[batch * model.PooledWidth], batch);
        using var results = session.Run(inputs, outputs);
        for (var i = 0; i < outputs.Length; i++)
        {
            if (results[i].IsTensor)
            {
                shapes[outputs[i]] = results[i].GetTensorTypeAndShape().Shape;
            }
        }

        return shapes;
    }
}
