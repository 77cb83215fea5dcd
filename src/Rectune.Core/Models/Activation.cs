namespace Rectune.Core.Models;

/// <summary>What follows a fully connected layer.</summary>
public enum Activation
{
    None,
    Relu,
    Sigmoid,
    Tanh,

    /// <summary>x · tanh(ln(1 + eˣ)) (arXiv 1908.08681).</summary>
    Mish,

    /// <summary>x where positive, else a learned slope an output times x.</summary>
    PRelu,

    /// <summary>Over the last axis.</summary>
    Softmax,
}
