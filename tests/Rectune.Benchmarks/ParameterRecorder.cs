using Rectune.Core.Models;

namespace Rectune.Benchmarks;

/// <summary>Lists a model's fully connected parameters in the order in which its graph uses them.</summary>
internal sealed class ParameterRecorder(IParameters parameters) : IGraphSink
{
    private readonly List<float[]> recorded = [];

    /// <summary>Weights and biases in the parameters' own order.</summary>
    public IReadOnlyList<float[]> Values => recorded;

    public void Input(string name, IReadOnlyList<int> extents)
    {
    }

    public void Output(string value, string name, IReadOnlyList<int> extents)
    {
    }

    public void Node(string operatorType, string result, IReadOnlyList<string> inputs, params IReadOnlyList<GraphAttribute> attributes)
    {
    }

    public void Linear(string result, string x, int rank, LinearShape shape)
    {
        recorded.Add(parameters.Values(shape.Weight));
        recorded.Add(parameters.Values(shape.Bias));
    }

    public void Parameter(ParameterShape shape) => recorded.Add(parameters.Values(shape));

    public void Derived(string name, IReadOnlyList<int> extents, Func<IParameters, float[]> values)
    {
    }

    public void Integers(string name, IReadOnlyList<long> values)
    {
    }
}
