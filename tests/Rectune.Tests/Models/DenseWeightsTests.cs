using Rectune.Core.Models;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Models;

public sealed class DenseWeightsTests
{
    private static readonly ModelSize Size = new(SampleRecords.Card() with { DenseFeatures = 100, BottomMlp = [300, 4] });

    [Fact]
    public void Random_SameSeed_IsTheSameInEveryBit()
    {
        var first = DenseWeights.Random(Size, 5);
        var second = DenseWeights.Random(Size, 5);
        Assert.All(first.Zip(second), pair => Assert.Equal(pair.First.Weights, pair.Second.Weights));
        Assert.All(first.Zip(second), pair => Assert.Equal(pair.First.Biases, pair.Second.Biases));
        Assert.NotEqual(first[0].Weights, DenseWeights.Random(Size, 6)[0].Weights);
    }

    [Fact]
    public void Random_LayersOfOneShape_Differ()
    {
        var size = new ModelSize(SampleRecords.Card() with { DenseFeatures = 4, BottomMlp = [4, 4] });
        var layers = DenseWeights.Random(size, 1);
        Assert.NotEqual(layers[0].Weights, layers[1].Weights);
    }

    [Fact]
    public void Random_Shapes_FollowTheLayers() =>
        Assert.All(DenseWeights.Random(Size, 1), l =>
        {
            Assert.Equal(l.Layer.Inputs * l.Layer.Outputs, l.Weights.Length);
            Assert.Equal(l.Layer.Outputs, l.Biases.Length);
        });

    /// <summary>30,000 draws: five standard errors are 2.9 % of the deviation's mean and 2 % of the deviation.</summary>
    [Fact]
    public void Random_LargeLayer_HasTheStatedSpread()
    {
        var weights = DenseWeights.Random(Size, 1)[0].Weights;
        var deviation = Math.Sqrt(2.0 / 400);
        Assert.InRange(weights.Average(), -0.029 * deviation, 0.029 * deviation);
        Assert.InRange(Math.Sqrt(weights.Average(w => (double)w * w)), 0.98 * deviation, 1.02 * deviation);
    }

    /// <summary>300 draws: five standard errors are 20 % of the deviation.</summary>
    [Fact]
    public void Random_Biases_HaveTheStatedSpread()
    {
        var biases = DenseWeights.Random(Size, 1)[0].Biases;
        var deviation = Math.Sqrt(1.0 / 300);
        Assert.InRange(Math.Sqrt(biases.Average(b => (double)b * b)), 0.8 * deviation, 1.2 * deviation);
    }
}
