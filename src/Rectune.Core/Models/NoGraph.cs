namespace Rectune.Core.Models;

/// <summary>Forgets the graph: for those who only want its figures.</summary>
public sealed class NoGraph : IGraphSink
{
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
    }

    public void Parameter(ParameterShape shape)
    {
    }

    public void Integers(string name, IReadOnlyList<long> values)
    {
    }

    public void Derived(string name, IReadOnlyList<int> extents, Func<IParameters, float[]> values)
    {
    }
}
