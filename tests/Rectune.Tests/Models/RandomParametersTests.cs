using Rectune.Core.Models;
using Xunit;

namespace Rectune.Tests.Models;

public sealed class RandomParametersTests
{
    private static readonly LinearShape Layer = new("bottom.0", 100, 300);

    [Fact]
    public void Values_SameSeed_AreTheSameInEveryBit()
    {
        Assert.Equal(new RandomParameters(5).Values(Layer.Weight), new RandomParameters(5).Values(Layer.Weight));
        Assert.NotEqual(new RandomParameters(5).Values(Layer.Weight), new RandomParameters(6).Values(Layer.Weight));
    }

    [Fact]
    public void Values_ParametersOfOneShape_DifferByName() =>
        Assert.NotEqual(new RandomParameters(1).Values(Layer.Weight), new RandomParameters(1).Values((Layer with { Name = "bottom.1" }).Weight));

    [Fact]
    public void Values_Constant_IsInEveryElement() =>
        Assert.Equal([0.25f, 0.25f, 0.25f], new RandomParameters(1).Values(new ParameterShape("slope", [3], Deviation: 0, Constant: 0.25f)));

    /// <summary>30,000 draws: five standard errors are 2.9 % of the deviation's mean and 2 % of the deviation.</summary>
    [Fact]
    public void Values_Weights_HaveTheStatedSpread()
    {
        var weights = new RandomParameters(1).Values(Layer.Weight);
        var deviation = Math.Sqrt(2.0 / 400);
        Assert.Equal(30_000, weights.Length);
        Assert.InRange(weights.Average(), -0.029 * deviation, 0.029 * deviation);
        Assert.InRange(Math.Sqrt(weights.Average(w => (double)w * w)), 0.98 * deviation, 1.02 * deviation);
    }

    /// <summary>300 draws: five standard errors are 20 % of the deviation.</summary>
    [Fact]
    public void Values_Biases_HaveTheStatedSpread()
    {
        var biases = new RandomParameters(1).Values(Layer.Bias);
        var deviation = Math.Sqrt(1.0 / 300);
        Assert.InRange(Math.Sqrt(biases.Average(b => (double)b * b)), 0.8 * deviation, 1.2 * deviation);
    }
}
