namespace Rectune.Tests.Fakes;

/// <summary>Recurrent layers, one step and one gate after another, from a state of zeros. Each gives the state after every step.</summary>
internal sealed class SlowRecurrence(SlowLayers layers, int hidden)
{
    /// <summary>h = tanh(W·x + b + R·h + c) (Elman).</summary>
    public double[][] Rnn(string name, double[][] steps) => Run(steps, (x, h, _) =>
        SlowLayers.Tanh(SlowLayers.Plus(layers.Linear(name + ".input", x, hidden), layers.Linear(name + ".state", h, hidden))));

    /// <summary>z and r gates, candidate of the reset state, h = z ⊙ h + (1 − z) ⊙ c (Cho et al., arXiv 1406.1078, equations 5 to 8); parameters in the order z, r, c.</summary>
    public double[][] Gru(string name, double[][] steps) => Run(steps, (x, h, _) =>
    {
        var input = layers.Linear(name + ".input", x, 3 * hidden);
        var state = layers.Linear(name + ".state", h, 3 * hidden);
        var update = SlowLayers.Sigmoid(SlowLayers.Plus(Gate(input, 0), Gate(state, 0)));
        var reset = SlowLayers.Sigmoid(SlowLayers.Plus(Gate(input, 1), Gate(state, 1)));
        var ofReset = layers.Linear(name + ".state", SlowLayers.Times(reset, h), 3 * hidden);
        var candidate = SlowLayers.Tanh(SlowLayers.Plus(Gate(input, 2), Gate(ofReset, 2)));
        return Between(update, h, candidate);
    });

    /// <summary>A GRU whose update gate is scaled by 1 − attention before use, as in the code of DIEN's authors (mouna99/dien).</summary>
    public double[][] AttentionalGru(string name, double[][] steps, double[] attention) => Run(steps, (x, h, t) =>
    {
        var input = layers.Linear(name + ".input", x, 3 * hidden);
        var state = layers.Product(name + ".gates", h, 2 * hidden);
        var update = SlowLayers.Sigmoid(SlowLayers.Plus(Gate(input, 0), Gate(state, 0)));
        var reset = SlowLayers.Sigmoid(SlowLayers.Plus(Gate(input, 1), Gate(state, 1)));
        var ofReset = layers.Product(name + ".candidate", SlowLayers.Times(reset, h), hidden);
        var candidate = SlowLayers.Tanh(SlowLayers.Plus(Gate(input, 2), ofReset));
        return Between(Array.ConvertAll(update, u => (1 - attention[t]) * u), h, candidate);
    });

    /// <summary>share ⊙ a + (1 − share) ⊙ b.</summary>
    private static double[] Between(double[] share, double[] a, double[] b) =>
        SlowLayers.Plus(SlowLayers.Times(share, a), SlowLayers.Times(Array.ConvertAll(share, s => 1 - s), b));

    private double[] Gate(double[] gates, int index) => gates[(index * hidden)..((index + 1) * hidden)];

    private double[][] Run(double[][] steps, Func<double[], double[], int, double[]> next)
    {
        var states = new double[steps.Length][];
        var state = new double[hidden];
        for (var t = 0; t < steps.Length; t++)
        {
            states[t] = state = next(steps[t], state, t);
        }

        return states;
    }
}
