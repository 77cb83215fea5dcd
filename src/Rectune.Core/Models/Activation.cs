namespace Rectune.Core.Models;

/// <summary>What follows a fully connected layer.</summary>
public enum Activation
{
    Relu,
    Sigmoid,
}
