using Rectune.Core.Domain;
using Rectune.Core.Models;

namespace Rectune.Core.Planning;

/// <summary>Memory that a configuration takes, computed before anything is loaded.</summary>
public static class PathMemory
{
    /// <summary>Activations, arenas and code of one instance beyond its weights: measured on the DLRM graph, rounded up, bytes.</summary>
    private const long InstanceOverheadBytes = 24L << 20;

    /// <summary>Tables once, dense weights and buffers for each instance.</summary>
    public static long Bytes(ModelCard card, Configuration configuration, int maxBatch)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(configuration);
        var size = new ModelSize(card);
        var inputs = (long)maxBatch * (card.DenseFeatures + card.Sparse.Sum(feature => feature.Dim) + 1) * sizeof(float);
        return size.TableBytes(configuration.TablePrecision)
            + (configuration.Instances * ((size.DenseParameters * sizeof(float)) + inputs + InstanceOverheadBytes));
    }
}
