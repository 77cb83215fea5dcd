using Rectune.Core.Models;

namespace Rectune.Tests.Fakes;

/// <summary>Layers and activations of one vector, written the slow, obvious way in double precision.</summary>
internal sealed class SlowLayers(IParameters parameters)
{
    /// <summary>y = W·x + b.</summary>
    public double[] Linear(string name, double[] x, int outputs)
    {
        var bias = parameters.Values(new LinearShape(name, x.Length, outputs).Bias);
        return Plus(Product(name, x, outputs), Array.ConvertAll(bias, value => (double)value));
    }

    /// <summary>y = W·x.</summary>
    public double[] Product(string name, double[] x, int outputs)
    {
        var weights = parameters.Values(new LinearShape(name, x.Length, outputs).Weight);
        var y = new double[outputs];
        for (var o = 0; o < outputs; o++)
        {
            for (var i = 0; i < x.Length; i++)
            {
                y[o] += (double)weights[(o * x.Length) + i] * x[i];
            }
        }

        return y;
    }

    /// <summary>Layers <c>name.0</c>, <c>name.1</c>, …</summary>
    public double[] Stack(string name, double[] x, IReadOnlyList<int> widths, Func<double[], double[]> activation, Func<double[], double[]> last)
    {
        for (var i = 0; i < widths.Count; i++)
        {
            x = Linear($"{name}.{i}", x, widths[i]);
            x = i + 1 < widths.Count ? activation(x) : last(x);
        }

        return x;
    }

    /// <summary>x where positive, else x times the slope <c>name.slope</c>.</summary>
    public double[] PRelu(string name, double[] x)
    {
        var slope = parameters.Values(new ParameterShape(name + ".slope", [x.Length], Deviation: 0, Constant: 0.25f));
        return [.. x.Select((value, i) => value > 0 ? value : slope[i] * value)];
    }

    public static double[] Same(double[] x) => x;

    public static double[] Relu(double[] x) => Array.ConvertAll(x, value => Math.Max(0, value));

    public static double[] Sigmoid(double[] x) => Array.ConvertAll(x, value => 1 / (1 + Math.Exp(-value)));

    public static double[] Tanh(double[] x) => Array.ConvertAll(x, Math.Tanh);

    public static double[] Softmax(double[] x)
    {
        var sum = x.Sum(value => Math.Exp(value));
        return Array.ConvertAll(x, value => Math.Exp(value) / sum);
    }

    public static double[] Plus(double[] a, double[] b) => Pairwise(a, b, (x, y) => x + y);

    public static double[] Minus(double[] a, double[] b) => Pairwise(a, b, (x, y) => x - y);

    public static double[] Times(double[] a, double[] b) => Pairwise(a, b, (x, y) => x * y);

    /// <summary>Element by element; zeros of <paramref name="width"/> where there is no vector.</summary>
    public static double[] Sum(IEnumerable<double[]> vectors, int width) => vectors.Aggregate(new double[width], Plus);

    private static double[] Pairwise(double[] a, double[] b, Func<double, double, double> of)
    {
        // Zip would stop at the shorter vector and hide a wrong width.
        ArgumentOutOfRangeException.ThrowIfNotEqual(a.Length, b.Length);
        return [.. a.Zip(b, of)];
    }
}
