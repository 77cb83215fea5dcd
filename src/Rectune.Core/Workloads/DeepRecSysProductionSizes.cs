using Rectune.Core.Numerics;

namespace Rectune.Core.Workloads;

/// <summary>
/// The heavy-tailed sizes of a production trace as Kairos (HPDC 2023) re-coded it from DeepRecSys: 8 % uniform on [1, 100), 22 % uniform on [200, 600),
/// 5 % uniform on [600, 1000), 65 % lognormal(5.1, 0.2) forced into [100, 200]. Mean 238, p99 918; the largest quarter of the queries carries half of
/// the samples.
/// </summary>
public sealed class DeepRecSysProductionSizes : IQuerySizes
{
    private const double SmallShare = 0.08;
    private const double LargeShare = 0.22;
    private const double HugeShare = 0.05;

    private static readonly ClippedLognormal Body = new(100, 200);

    public string Name => "deeprecsys-prod";

    /// <summary>Uniform whole numbers of [a, b) have mean (a + b − 1) / 2.</summary>
    public double MeanSamples { get; } =
        (SmallShare * 50) + (LargeShare * 399.5) + (HugeShare * 799.5) + ((1 - SmallShare - LargeShare - HugeShare) * Body.Mean());

    public int Maximum => 999;

    public int Next(ref SplitMix64 generator) => generator.NextDouble() switch
    {
        < SmallShare => 1 + (int)generator.NextInt64(99),
        < SmallShare + LargeShare => 200 + (int)generator.NextInt64(400),
        < SmallShare + LargeShare + HugeShare => 600 + (int)generator.NextInt64(400),
        _ => Body.Next(ref generator),
    };
}
