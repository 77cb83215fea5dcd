namespace Rectune.Tests.Fakes;

/// <summary>The two forms of DIN's attention, one behaviour after another.</summary>
internal sealed class SlowAttention(SlowLayers layers)
{
    /// <summary>DeepRecSys: behaviour i meets the candidate in layers <c>unit.i</c> of its own, and what they give is summed.</summary>
    public double[] SumOfUnits(double[][] behaviors, double[] candidate, IReadOnlyList<int> hidden)
    {
        var units = behaviors.Select((behavior, i) =>
        {
            double[] both = [.. behavior, .. candidate, .. SlowLayers.Plus(behavior, candidate)];
            return layers.Stack($"unit.{i}", both, [.. hidden, candidate.Length], SlowLayers.Relu, SlowLayers.Relu);
        });
        return SlowLayers.Sum(units, candidate.Length);
    }

    /// <summary>Alibaba: weights of the steps that there are, summing to 1, from layers <c>unit</c> that all steps share.</summary>
    public double[] Weights(double[] query, double[][] keys, IReadOnlyList<int> hidden) => SlowLayers.Softmax(Array.ConvertAll(keys, key =>
    {
        double[] unit = [.. query, .. key, .. SlowLayers.Minus(query, key), .. SlowLayers.Times(query, key)];
        return layers.Stack("unit", unit, [.. hidden, 1], SlowLayers.Sigmoid, SlowLayers.Same)[0];
    }));
}
