namespace Rectune.Core.Models;

/// <summary>Where the values of a model's parameters come from.</summary>
public interface IParameters
{
    /// <summary>Values in row-major order, not to be written to.</summary>
    float[] Values(ParameterShape shape);
}
