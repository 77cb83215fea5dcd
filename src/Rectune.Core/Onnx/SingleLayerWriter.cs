using Rectune.Core.Models;

namespace Rectune.Core.Onnx;

/// <summary>Layers in fp32.</summary>
internal sealed class SingleLayerWriter : ILayerWriter
{
    public void Write(GraphWriter graph, string result, string x, int rank, LinearShape shape)
    {
        var (weights, biases) = shape.Folded(graph.Parameters);
        var inputs = weights.Length / shape.Outputs;
        var bias = shape.HasBias || shape.Normalized ? shape.Bias.Name : null;
        if (bias is not null)
        {
            graph.Singles(bias, biases, shape.Bias.Extents);
        }

        if (rank == 2)
        {
            graph.Singles(shape.Weight.Name, weights, [shape.Outputs, inputs]);
            graph.Node("Gemm", result, bias is null ? [x, shape.Weight.Name] : [x, shape.Weight.Name, bias], GraphAttribute.Of("transB", 1L));
            return;
        }

        graph.Singles(shape.Weight.Name, Matrices.Transpose(weights, shape.Outputs, inputs), [inputs, shape.Outputs]);
        graph.Node("MatMul", bias is null ? result : result + ".product", [x, shape.Weight.Name]);
        if (bias is not null)
        {
            graph.Node("Add", result, [result + ".product", bias]);
        }
    }
}
