using System.Runtime.InteropServices;
using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Onnx;
using Rectune.Core.Onnx.Protobuf;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Onnx;

/// <summary>Layers in eight bits.</summary>
public sealed class ByteLayerTests
{
    private const ulong Seed = 5;

    /// <summary>What fp32 adds to a bound that is derived in real numbers.</summary>
    private const double Rounding = 1e-5;

    public static TheoryData<string, string> Graphs => DenseGraphTests.Graphs;

    [Theory]
    [InlineData("concat")]
    [InlineData("cross")]
    [InlineData("target attention")]
    public void Write_Int8_KeepsEveryWeightWithinHalfAStep(string name)
    {
        var tensors = Model(ArchitectureCards.Of(name)).Graph.Initializer.ToDictionary(tensor => tensor.Name);
        var quantised = tensors.Keys.Where(tensor => tensor.EndsWith(".codes", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(quantised);
        foreach (var codesName in quantised)
        {
            var weight = codesName[..^".codes".Length];
            var (inputs, outputs) = ((int)tensors[codesName].Dims[0], (int)tensors[codesName].Dims[1]);
            var codes = MemoryMarshal.Cast<byte, sbyte>(tensors[codesName].RawData.Span);
            var scales = MemoryMarshal.Cast<byte, float>(tensors[weight + ".scale"].RawData.Span);
            var weights = new UnevenParameters(Seed).Values(new ParameterShape(weight, [outputs, inputs], Deviation: 1));
            for (var output = 0; output < outputs; output++)
            {
                var largest = 0;
                for (var input = 0; input < inputs; input++)
                {
                    var code = codes[(input * outputs) + output];
                    largest = Math.Max(largest, Math.Abs((int)code));
                    Assert.Equal(weights[(output * inputs) + input], code * scales[output], scales[output] * 0.50001);
                }

                Assert.Equal(127, largest);
            }
        }
    }

    [Fact]
    public void Write_Int8OutputWithoutWeights_IsItsBias()
    {
        var card = Stack(3);
        var scores = GraphRun.Scores(DenseGraph.Write(new VectorLayout(card), new ZeroWeights(), densePrecision: DensePrecision.Int8), card, ModelSample.Draw(card, 2, Seed));
        Assert.Equal([1.5f, 1.5f, 1.5f, 1.5f, 1.5f, 1.5f], scores.SelectMany(sample => sample));
    }

    /// <summary>
    /// With inputs x known within e, coded in steps of s = range / 255, and weights w in steps of t, an output is known within Σ |w|·(e + s/2) + Σ (|x| + e + s/2)·t/2;
    /// ReLU lets no error grow.
    /// </summary>
    [Theory]
    [InlineData(9)]
    [InlineData(12, 7, 3)]
    public void Scores_Int8Stack_StayWithinTheBoundOfItsSteps(params int[] widths)
    {
        var card = Stack(widths);
        var samples = ModelSample.Draw(card, 20, Seed);
        var parameters = new UnevenParameters(Seed);
        var layers = new SlowLayers(parameters);
        var x = samples.Select(sample => Array.ConvertAll(sample.Pooled(card), value => (double)value)).ToArray();
        var error = Array.ConvertAll(x, sample => new double[sample.Length]);
        for (var layer = 0; layer < widths.Length; layer++)
        {
            var name = $"top.{layer}";
            var weights = parameters.Values(new LinearShape(name, x[0].Length, widths[layer]).Weight).Chunk(x[0].Length).ToArray();
            var largestError = error.Max(sample => sample.Max());
            var step = (Math.Max(0, x.Max(sample => sample.Max())) - Math.Min(0, x.Min(sample => sample.Min())) + (2 * largestError)) / 255;
            error = [.. error.Zip(x, (errors, inputs) => Array.ConvertAll(weights, w => Bound(w, inputs, errors, step)))];
            x = Array.ConvertAll(x, sample => layers.Linear(name, sample, widths[layer]));
            x = layer + 1 < widths.Length ? Array.ConvertAll(x, SlowLayers.Relu) : x;
        }

        var scores = GraphRun.Scores(Graph(card), card, samples);
        var largest = 0.0;
        for (var sample = 0; sample < samples.Length; sample++)
        {
            for (var output = 0; output < widths[^1]; output++)
            {
                var change = Math.Abs(scores[sample][output] - x[sample][output]);
                Assert.InRange(change, 0, error[sample][output] + Rounding);
                largest = Math.Max(largest, change);
            }
        }

        // Eight bits leave a trace: were the layers still in fp32, nothing would have been tested.
        Assert.InRange(largest, 100 * Rounding, double.MaxValue);
    }

    /// <summary>A stated bound, about twice the largest change that these models show; scores are of order one.</summary>
    [Theory]
    [MemberData(nameof(Graphs))]
    public void Scores_EveryArchitectureInInt8_StayNearTheSlowReference(string name, string variant)
    {
        var card = ArchitectureCards.Of(name);
        var samples = ModelSample.Draw(card, 40, Seed);
        var scores = GraphRun.Scores(Graph(card, variant), card, samples);
        var changes = samples.SelectMany((sample, i) =>
            SlowModel.Scores(card, new UnevenParameters(Seed), sample.Dense, sample.Rows).Zip(scores[i], (expected, found) => Math.Abs(expected - found)));
        Assert.InRange(changes.Max(), 100 * Rounding, 0.1);
    }

    private static double Bound(float[] weights, double[] inputs, double[] errors, double step)
    {
        var weightStep = weights.Max(Math.Abs) / 127.0;
        return weights.Select((w, i) => (Math.Abs(w) * (errors[i] + (step / 2))) + ((Math.Abs(inputs[i]) + errors[i] + (step / 2)) * weightStep / 2)).Sum();
    }

    /// <summary>A model that is nothing but fully connected layers.</summary>
    private static ModelCard Stack(params int[] widths) =>
        ArchitectureCards.Of("concat without dense features") with { TopMlp = widths, Output = OutputKind.None };

    private static byte[] Graph(ModelCard card, string variant = GraphVariants.Default) =>
        DenseGraph.Write(new VectorLayout(card), new UnevenParameters(Seed), variant, DensePrecision.Int8);

    private static ModelProto Model(ModelCard card) => ModelProto.Parser.ParseFrom(Graph(card));

    /// <summary>Weights of 0, for which no scale follows from the largest, and biases of 1.5.</summary>
    private sealed class ZeroWeights : IParameters
    {
        public float[] Values(ParameterShape shape)
        {
            var values = new float[shape.Elements];
            Array.Fill(values, shape.Name.EndsWith(".bias", StringComparison.Ordinal) ? 1.5f : 0);
            return values;
        }
    }
}
