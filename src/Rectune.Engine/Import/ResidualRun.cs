using Microsoft.ML.OnnxRuntime;
using Rectune.Core.Domain;
using Rectune.Core.Onnx;

namespace Rectune.Engine.Import;

/// <summary>Feeds a graph the two inputs of <see cref="DenseTensors"/>, each left out when it has no columns.</summary>
internal static class ResidualRun
{
    /// <param name="model">Tells the widths.</param>
    /// <param name="dense"><c>[batch, W]</c>.</param>
    /// <param name="pooled"><c>[batch, P]</c>.</param>
    /// <param name="batch">Samples.</param>
    public static IReadOnlyDictionary<string, OrtValue> Inputs(LiftedModel model, float[] dense, float[] pooled, int batch)
    {
        var inputs = new Dictionary<string, OrtValue>(StringComparer.Ordinal);
        if (model.DenseWidth > 0)
        {
            inputs[DenseTensors.Dense] = OrtValue.CreateTensorValueFromMemory(dense, [batch, model.DenseWidth]);
        }

        if (model.PooledWidth > 0)
        {
            inputs[DenseTensors.Pooled] = OrtValue.CreateTensorValueFromMemory(pooled, [batch, model.PooledWidth]);
        }

        return inputs;
    }
}
