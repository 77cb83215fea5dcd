using MathNet.Numerics.Distributions;
using Rectune.Core.Numerics;

namespace Rectune.Core.Workloads;

/// <summary>exp(N(5.1, 0.2)), rounded and forced into a range: the body of query sizes in the load generator published with DeepRecSys.</summary>
internal readonly record struct ClippedLognormal(int Minimum, int Maximum)
{
    private const double Mu = 5.1;
    private const double Sigma = 0.2;

    public int Next(ref SplitMix64 generator) =>
        (int)Math.Clamp(Math.Round(Math.Exp(Mu + (Sigma * generator.NextNormal()))), Minimum, Maximum);

    /// <summary>E[X] = minimum + Σ P(X > k) for k from the minimum to below the maximum, with P(X > k) = 1 − Φ((ln(k + ½) − μ) / σ).</summary>
    public double Mean()
    {
        double mean = Minimum;
        for (var k = Minimum; k < Maximum; k++)
        {
            mean += 1 - Normal.CDF(Mu, Sigma, Math.Log(k + 0.5));
        }

        return mean;
    }
}
