namespace Rectune.Core.Models;

/// <summary>Takes a graph down as it is built. Operators and attributes are named as in ONNX; every node has one output, named like the node.</summary>
public interface IGraphSink
{
    /// <summary>A float input <c>[batch, extents…]</c>.</summary>
    void Input(string name, IReadOnlyList<int> extents);

    /// <summary>Names <paramref name="value"/> as the float output <c>[batch, extents…]</c>.</summary>
    void Output(string value, string name, IReadOnlyList<int> extents);

    void Node(string operatorType, string result, IReadOnlyList<string> inputs, params IReadOnlyList<GraphAttribute> attributes);

    /// <summary>A fully connected layer over the last axis of <paramref name="x"/>, <c>[batch, …, inputs]</c>; how is the sink's choice.</summary>
    void Linear(string result, string x, int rank, LinearShape shape);

    /// <summary>Declares a parameter under its own name.</summary>
    void Parameter(ParameterShape shape);

    /// <summary>Declares a list of integers.</summary>
    void Integers(string name, IReadOnlyList<long> values);

    /// <summary>Declares numbers computed from parameters, in row-major order.</summary>
    void Derived(string name, IReadOnlyList<int> extents, Func<IParameters, float[]> values);
}
