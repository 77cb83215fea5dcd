namespace Rectune.Core.Models;

/// <summary>
/// Builds a graph operator by operator, following shapes and counting parameters and work. Every method adds to the graph and returns the value it computes, so
/// that models read like formulas; names given are the names of results.
/// </summary>
public sealed class GraphBuilder(IGraphSink sink)
{
    /// <summary>Elements of all parameters.</summary>
    public long Parameters { get; private set; }

    /// <summary>
    /// Floating-point operations of one sample in layers and matrix products, a multiplication and an addition counting two; what works element by element is not
    /// in it, being bound by memory and not by arithmetic.
    /// </summary>
    public long Flops { get; private set; }

    /// <summary>Elements of the largest value that the graph computes for one sample.</summary>
    public long LargestValue { get; private set; }

    /// <summary>Elements of all values that the graph computes for one sample: of each operator those that it writes.</summary>
    public long Values { get; private set; }

    /// <summary>Operators that compute something; a view of the same elements is none.</summary>
    public int Operators { get; private set; }

    public GraphValue Input(string name, params int[] extents)
    {
        sink.Input(name, extents);
        return new GraphValue(name, extents);
    }

    public void Output(GraphValue value, string name)
    {
        ArgumentNullException.ThrowIfNull(value);
        sink.Output(value.Name, name, value.Extents);
    }

    /// <summary>A learned tensor, without a batch axis.</summary>
    public GraphValue Parameter(ParameterShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Parameters += shape.Elements;
        sink.Parameter(shape);
        return new GraphValue(shape.Name, shape.Extents);
    }

    /// <summary>A fully connected layer over the last axis, and what follows it.</summary>
    /// <param name="inputOrder">See <see cref="LinearShape.InputOrder"/>.</param>
    /// <param name="normalized">See <see cref="LinearShape.Normalized"/>; folded, it adds no parameter.</param>
    /// <param name="inputs">Width in as the parameters count it, where <paramref name="inputOrder"/> is given.</param>
    public GraphValue Linear(string name, GraphValue x, int outputs, Activation activation, int[]? inputOrder = null, int? inputs = null, bool normalized = false)
    {
        ArgumentNullException.ThrowIfNull(x);
        var shape = new LinearShape(name, inputs ?? x.Width, outputs, inputOrder, Normalized: normalized);
        Parameters += shape.Weight.Elements + shape.Bias.Elements;
        Flops += 2L * shape.Inputs * outputs * (x.Elements / x.Width);
        sink.Linear(name, x.Name, x.Extents.Count + 1, shape);
        return Activate(Computed(new GraphValue(name, [.. x.Extents.SkipLast(1), outputs])), activation);
    }

    /// <summary>A matrix over the last axis, without a bias.</summary>
    public GraphValue Projection(string name, GraphValue x, int outputs)
    {
        ArgumentNullException.ThrowIfNull(x);
        var shape = new LinearShape(name, x.Width, outputs, HasBias: false);
        Parameters += shape.Weight.Elements;
        Flops += 2L * shape.Inputs * outputs * (x.Elements / x.Width);
        sink.Linear(name, x.Name, x.Extents.Count + 1, shape);
        return Computed(new GraphValue(name, [.. x.Extents.SkipLast(1), outputs]));
    }

    /// <summary>Layers <c>name.0</c>, <c>name.1</c>, …</summary>
    public GraphValue Stack(string name, GraphValue x, IReadOnlyList<int> widths, Activation activation, Activation last)
    {
        ArgumentNullException.ThrowIfNull(widths);
        for (var i = 0; i < widths.Count; i++)
        {
            x = Linear($"{name}.{i}", x, widths[i], i + 1 < widths.Count ? activation : last);
        }

        return x;
    }

    public GraphValue Activate(GraphValue x, Activation activation)
    {
        ArgumentNullException.ThrowIfNull(x);
        switch (activation)
        {
            case Activation.None:
                return x;
            case Activation.PRelu:
                var slope = Parameter(new ParameterShape(x.Name + ".slope", [x.Width], Deviation: 0, Constant: 0.25f));
                return Node("PRelu", x.Name + ".prelu", x.Extents, [x, slope]);
            case Activation.Softmax:
                return Softmax(x, axis: -1);
            case Activation.Mish:
                var softplus = Node("Softplus", x.Name + ".softplus", x.Extents, [x]);
                return Multiply(x.Name + ".mish", x, Node("Tanh", x.Name + ".tanh", x.Extents, [softplus]));
            default:
                return Node(activation.ToString(), $"{x.Name}.{activation.ToString().ToLowerInvariant()}", x.Extents, [x]);
        }
    }

    /// <summary>Along the last axis.</summary>
    public GraphValue Concat(string name, params IReadOnlyList<GraphValue> parts) => Concat(name, axis: -1, parts);

    /// <param name="axis">Negative: from the end.</param>
    public GraphValue Concat(string name, int axis, params IReadOnlyList<GraphValue> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 1)
        {
            return parts[0];
        }

        int[] extents = [.. parts[0].Extents];
        extents[^(-axis)] = parts.Sum(part => part.Extents[^(-axis)]);
        return Node("Concat", name, extents, parts, GraphAttribute.Of("axis", (long)axis));
    }

    public GraphValue Reshape(string name, GraphValue x, params int[] extents)
    {
        ArgumentNullException.ThrowIfNull(x);
        var shape = Integers(name + ".shape", [-1, .. extents.Select(e => (long)e)]);
        var reshaped = Node("Reshape", name, extents, [x, shape]);
        return reshaped.Elements == x.Elements ? reshaped : throw new ArgumentException($"{name}: {x.Elements} elements do not fill {reshaped.Elements}", nameof(extents));
    }

    /// <summary>Swaps the last two axes.</summary>
    public GraphValue Transpose(GraphValue x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Node("Transpose", x.Name + ".transposed", [x.Extents[1], x.Extents[0]], [x], GraphAttribute.Of("perm", 0L, 2L, 1L));
    }

    /// <summary>Elements <paramref name="from"/> … <paramref name="to"/> − 1 of the last axis, or of the one that <paramref name="axis"/> names from the end.</summary>
    public GraphValue Slice(string name, GraphValue x, int from, int to, int axis = -1)
    {
        ArgumentNullException.ThrowIfNull(x);
        int[] extents = [.. x.Extents];
        if (from == 0 && to == extents[^(-axis)])
        {
            return x;
        }

        extents[^(-axis)] = to - from;
        return Node(
            "Slice", name, extents, [x, Integers(name + ".from", [from]), Integers(name + ".to", [to]), Integers(name + ".axis", [axis])]);
    }

    /// <summary>A matrix product a sample: <c>[m, k] · [k, n]</c>.</summary>
    public GraphValue MatMul(string name, GraphValue a, GraphValue b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var (inner, width) = (a.Width, b.Width);
        Flops += 2L * (a.Elements / inner) * inner * width;
        return Node("MatMul", name, [.. a.Extents.SkipLast(1), width], [a, b]);
    }

    public GraphValue Add(string name, GraphValue a, GraphValue b) => Elementwise("Add", name, a, b);

    public GraphValue Subtract(string name, GraphValue a, GraphValue b) => Elementwise("Sub", name, a, b);

    public GraphValue Multiply(string name, GraphValue a, GraphValue b) => Elementwise("Mul", name, a, b);

    /// <summary>Sums over an axis, named from the end, and drops it.</summary>
    public GraphValue Sum(string name, GraphValue x, int axis)
    {
        ArgumentNullException.ThrowIfNull(x);
        List<int> extents = [.. x.Extents];
        extents.RemoveAt(extents.Count + axis);
        return Node("ReduceSum", name, extents, [x, Integers(name + ".axis", [axis])], GraphAttribute.Of("keepdims", 0L));
    }

    public GraphValue Softmax(GraphValue x, int axis)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Node("Softmax", x.Name + ".softmax", x.Extents, [x], GraphAttribute.Of("axis", (long)axis));
    }

    /// <summary>An operator that has no method of its own.</summary>
    /// <param name="extents">Of the result, after the batch.</param>
    public GraphValue Node(string operatorType, string name, IReadOnlyList<int> extents, IReadOnlyList<GraphValue> inputs, params IReadOnlyList<GraphAttribute> attributes)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        sink.Node(operatorType, name, [.. inputs.Select(input => input.Name)], attributes);
        var value = new GraphValue(name, extents);
        LargestValue = Math.Max(LargestValue, value.Elements);
        return operatorType == "Reshape" ? value : Computed(value);
    }

    /// <summary>A list of integers, such as a shape.</summary>
    public GraphValue Integers(string name, IReadOnlyList<long> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        sink.Integers(name, values);
        return new GraphValue(name, [values.Count]);
    }

    /// <summary>Fixed numbers without a batch axis, in row-major order.</summary>
    public GraphValue Constants(string name, float[] values, params int[] extents)
    {
        sink.Derived(name, extents, _ => values);
        return new GraphValue(name, extents);
    }

    /// <summary>Numbers computed from parameters when the graph is written; what they are computed from is counted by the form of the graph that holds it.</summary>
    public GraphValue Derived(string name, Func<IParameters, float[]> values, params int[] extents)
    {
        sink.Derived(name, extents, values);
        return new GraphValue(name, extents);
    }

    /// <summary>The weights of a layer without a bias, <c>[inputs, outputs]</c>, for many products to share.</summary>
    public GraphValue Matrix(string name, int inputs, int outputs)
    {
        var shape = new LinearShape(name, inputs, outputs, HasBias: false);
        Parameters += shape.Weight.Elements;
        return Derived(name + ".transposed", p => Matrices.Transpose(p.Values(shape.Weight), outputs, inputs), inputs, outputs);
    }

    /// <summary>Counts parameters that <see cref="Derived"/> brought in.</summary>
    public void CountParameters(long elements) => Parameters += elements;

    /// <summary>Counts work of an operator that <see cref="Node"/> added.</summary>
    public void CountFlops(long perSample) => Flops += perSample;

    private GraphValue Computed(GraphValue value)
    {
        Operators++;
        Values += value.Elements;
        return value;
    }

    private GraphValue Elementwise(string operatorType, string name, GraphValue a, GraphValue b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var rank = Math.Max(a.Extents.Count, b.Extents.Count);
        var extents = new int[rank];
        for (var i = 1; i <= rank; i++)
        {
            extents[^i] = Math.Max(i <= a.Extents.Count ? a.Extents[^i] : 1, i <= b.Extents.Count ? b.Extents[^i] : 1);
        }

        return Node(operatorType, name, extents, [a, b]);
    }
}
