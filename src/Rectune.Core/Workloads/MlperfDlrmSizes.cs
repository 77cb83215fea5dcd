using Rectune.Core.Numerics;

namespace Rectune.Core.Workloads;

/// <summary>
/// User–item pairs per sample of MLPerf Inference's DLRM: twenty equally likely values (mlcommons/inference, <c>dist_quantile.txt</c>); mean 270.
/// </summary>
public sealed class MlperfDlrmSizes : IQuerySizes
{
    private static readonly int[] Quantiles =
        [100, 100, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 300, 300, 400, 500, 600, 700];

    public string Name => "mlperf-dlrm";

    public double MeanSamples => 270;

    public int Maximum => 700;

    public int Next(ref SplitMix64 generator) => Quantiles[generator.NextInt64(Quantiles.Length)];
}
