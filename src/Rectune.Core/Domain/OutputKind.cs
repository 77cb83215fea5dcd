namespace Rectune.Core.Domain;

/// <summary>What follows the last layer.</summary>
public enum OutputKind
{
    /// <summary>Every output is a probability of its own.</summary>
    Sigmoid,

    /// <summary>The outputs of a sample are the probabilities of classes.</summary>
    Softmax,

    /// <summary>The last layer's values as they are.</summary>
    None,
}
