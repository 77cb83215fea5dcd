using Rectune.Core.Numerics;
using Rectune.Core.Workloads;

namespace Rectune.Tests.Fakes;

/// <summary>Sizes 1 … largest, all as likely.</summary>
internal sealed class UniformSizes(int largest) : IQuerySizes
{
    public string Name => $"uniform:{largest}";

    public double MeanSamples => (1 + largest) / 2.0;

    public int Maximum => largest;

    public int Next(ref SplitMix64 generator) => 1 + (int)generator.NextInt64(largest);
}
