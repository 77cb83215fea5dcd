using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Rectune.Core.Domain;
using Rectune.Core.Onnx;

namespace Rectune.Engine.Import;

/// <summary>Feeds a user's model as it is, tables and all.</summary>
internal static class OriginalRun
{
    /// <summary>The chosen output's elements for every sample, <paramref name="batch"/> samples a run.</summary>
    public static float[] Scores(CheckedGraph session, LiftedModel model, LiftSamples samples, int batch, string fileName)
    {
        var scores = new List<float>();
        for (var first = 0; first < samples.Count; first += batch)
        {
            var inputs = session.Inputs.ToDictionary(
                input => input.Key, input => Value(Numbers(input.Key, model, samples, first, batch), input.Key, input.Value, batch, fileName), StringComparer.Ordinal);
            using var results = session.Run(inputs, [model.Output]);
            scores.AddRange(Floats(results[0]));
        }

        return [.. scores];
    }

    /// <summary>Null for an input that the chosen output does not depend on.</summary>
    private static double[]? Numbers(string input, LiftedModel model, LiftSamples samples, int first, int batch)
    {
        if (model.IdInputs.TryGetValue(input, out var width))
        {
            return [.. samples.Ids(input).Slice(first * width, batch * width).ToArray().Select(id => (double)id)];
        }

        return model.DenseInputs.FirstOrDefault(dense => dense.Name == input) is not { } dense ? null
            : [.. Enumerable.Range(first, batch).SelectMany(
                sample => samples.Dense.AsSpan((sample * model.DenseWidth) + dense.Offset, dense.Width).ToArray().Select(number => (double)number))];
    }

    private static OrtValue Value(double[]? numbers, string name, NodeMetadata input, int batch, string fileName)
    {
        long[] shape = [.. input.Dimensions.Select((extent, axis) => extent > 0 && axis > 0 ? extent : axis == 0 ? batch : 1L)];
        var elements = shape.Aggregate(1L, (product, extent) => product * extent);
        numbers ??= new double[elements];
        return input.ElementDataType switch
        {
            TensorElementType.Float => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(numbers, number => (float)number), shape),
            TensorElementType.Double => OrtValue.CreateTensorValueFromMemory(numbers, shape),
            TensorElementType.Int64 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(numbers, number => (long)number), shape),
            TensorElementType.Int32 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(numbers, number => (int)number), shape),
            TensorElementType.Bool => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(numbers, number => number != 0), shape),
            TensorElementType.Float16 => OrtValue.CreateTensorValueFromMemory(
                Array.ConvertAll(numbers, number => new Float16(BitConverter.HalfToUInt16Bits((Half)number))), shape),
            var other => throw new InvalidInputException(fileName, $"input '{name}': found elements of {other}, expected numbers", "remove the input, or the output that needs it"),
        };
    }

    private static float[] Floats(OrtValue value) => value.GetTensorTypeAndShape().ElementDataType switch
    {
        TensorElementType.Float => value.GetTensorDataAsSpan<float>().ToArray(),
        TensorElementType.Double => Array.ConvertAll(value.GetTensorDataAsSpan<double>().ToArray(), number => (float)number),
        TensorElementType.Float16 => Array.ConvertAll(value.GetTensorDataAsSpan<Float16>().ToArray(), number => (float)BitConverter.UInt16BitsToHalf(number.value)),
        TensorElementType.Int64 => Array.ConvertAll(value.GetTensorDataAsSpan<long>().ToArray(), number => (float)number),
        TensorElementType.Int32 => Array.ConvertAll(value.GetTensorDataAsSpan<int>().ToArray(), number => (float)number),
        var other => throw new InvalidOperationException($"outputs of {other} are refused on reading"),
    };
}
