using Microsoft.ML.OnnxRuntime;
using Rectune.Core.Models;
using Rectune.Core.Onnx;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Onnx;

/// <summary>What activations compute in ONNX Runtime, against their formulas.</summary>
public sealed class ActivationTests
{
    private static readonly float[] X = [-3, -0.5f, 0, 0.25f, 1, 4];

    [Theory]
    [InlineData(Activation.None)]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Sigmoid)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Mish)]
    [InlineData(Activation.PRelu)]
    [InlineData(Activation.Softmax)]
    public void Activate_Values_FollowTheFormula(Activation activation)
    {
        var parameters = new UnevenParameters(3);
        var writer = new GraphWriter("activation", parameters);
        var graph = new GraphBuilder(writer);
        graph.Output(graph.Activate(graph.Input("x", X.Length), activation), "y");

        using var session = new InferenceSession(writer.ToBytes());
        using var run = new RunOptions();
        using var x = OrtValue.CreateTensorValueFromMemory(X, [1, X.Length]);
        using var y = session.Run(run, new Dictionary<string, OrtValue> { ["x"] = x }, ["y"]);
        var found = y[0].GetTensorDataAsSpan<float>().ToArray();
        Assert.All(Expected(activation, new SlowLayers(parameters)), (value, i) => Assert.Equal(value, found[i], 1e-6));
    }

    private static double[] Expected(Activation activation, SlowLayers layers)
    {
        var x = Array.ConvertAll(X, value => (double)value);
        return activation switch
        {
            Activation.Relu => SlowLayers.Relu(x),
            Activation.Sigmoid => SlowLayers.Sigmoid(x),
            Activation.Tanh => SlowLayers.Tanh(x),
            Activation.Mish => Array.ConvertAll(x, value => value * Math.Tanh(Math.Log(1 + Math.Exp(value)))),
            Activation.PRelu => layers.PRelu("x", x),
            Activation.Softmax => SlowLayers.Softmax(x),
            _ => x,
        };
    }
}
