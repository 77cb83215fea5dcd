using Rectune.Core.Models;

namespace Rectune.Core.Onnx;

/// <summary>
/// Layers with eight-bit weights, symmetric with one scale an output, and inputs quantised to unsigned bytes anew in every run; products are summed as integers. The four
/// nodes are the pattern that ONNX Runtime fuses into one.
/// </summary>
public sealed class ByteLayerWriter : ILayerWriter
{
    /// <summary>Weights use −127 … 127, so that zero stays zero.</summary>
    private const float LargestCode = 127;

    public void Write(GraphWriter graph, string result, string x, int rank, LinearShape shape)
    {
        var (weights, biases) = shape.Folded(graph.Parameters);
        var biased = shape.HasBias || shape.Normalized;
        var inputs = weights.Length / shape.Outputs;
        var codes = new sbyte[weights.Length];
        var scales = new float[shape.Outputs];
        for (var output = 0; output < shape.Outputs; output++)
        {
            Quantize(weights.AsSpan(output * inputs, inputs), codes.AsSpan(output), shape.Outputs, out scales[output]);
        }

        graph.SignedBytes(shape.Weight.Name + ".codes", codes, [inputs, shape.Outputs]);
        graph.Singles(shape.Weight.Name + ".scale", scales, [shape.Outputs]);
        graph.Node("DynamicQuantizeLinear", [result + ".x", result + ".x.scale", result + ".x.zero"], [x]);
        graph.Node("MatMulInteger", result + ".integers", [result + ".x", shape.Weight.Name + ".codes", result + ".x.zero"]);
        graph.Node("Cast", result + ".sums", [result + ".integers"], GraphAttribute.Of("to", 1L));
        graph.Node("Mul", result + ".step", [result + ".x.scale", shape.Weight.Name + ".scale"]);
        graph.Node("Mul", biased ? result + ".product" : result, [result + ".sums", result + ".step"]);
        if (biased)
        {
            graph.Singles(shape.Bias.Name, biases, shape.Bias.Extents);
            graph.Node("Add", result, [result + ".product", shape.Bias.Name]);
        }
    }

    /// <summary>Codes of one output's weights, <paramref name="stride"/> apart.</summary>
    private static void Quantize(ReadOnlySpan<float> weights, Span<sbyte> codes, int stride, out float scale)
    {
        var largest = 0f;
        foreach (var weight in weights)
        {
            largest = Math.Max(largest, Math.Abs(weight));
        }

        scale = largest > 0 ? largest / LargestCode : 1;
        for (var i = 0; i < weights.Length; i++)
        {
            codes[i * stride] = (sbyte)MathF.Round(weights[i] / scale);
        }
    }
}
