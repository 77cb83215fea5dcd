using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Representations;

namespace Rectune.Core.Planning;

/// <summary>Memory that a configuration takes, computed before anything is loaded.</summary>
public static class PathMemory
{
    /// <summary>Arenas and code of one instance beyond weights and activations: measured on the DLRM graph, rounded up, bytes.</summary>
    private const long InstanceOverheadBytes = 24L << 20;

    /// <summary>Activations alive at a time, in units of the largest: inputs and outputs of an operator and what a later one still needs. Assumed.</summary>
    private const long LiveActivations = 4;

    /// <summary>
    /// Stored rows, cached vectors and centroids once; decoders or centroids in their place, dense weights and buffers for each instance. Rows in mapped files count nothing: their pages are the page cache's, which the system takes
    /// back whenever it needs memory, at the price of reading them again.
    /// </summary>
    public static long Bytes(ModelCard card, Configuration configuration, int maxBatch)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(configuration);
        var design = RepresentationCatalog.Design(card, configuration);
        var (parameters, largest, outputs) = Dense(design, configuration);
        var values = maxBatch * (card.DenseFeatures + design.Layout.Width + outputs + (LiveActivations * largest));
        var instance = ((parameters + values + ((long)DecodedGroup.LargestChunk * design.DecoderInputElements)) * sizeof(float)) + design.DecoderBytes + InstanceOverheadBytes;
        var stored = configuration.Placement == TablePlacement.Mapped ? 0 : design.StoredBytes(configuration.TablePrecision);
        return stored + (configuration.Instances * instance) + design.CentroidBytes + VectorCachePlan.MemoryBytes(design, configuration);
    }

    /// <summary>Parameters, elements of the largest activation of a sample, scores of a sample. Of a model file the largest activation is taken to be its input.</summary>
    private static (long Parameters, long Largest, int Outputs) Dense(EmbeddingDesign design, Configuration configuration)
    {
        if (design.Card.Graph is { } file)
        {
            return (file.Bytes / sizeof(float), design.Layout.Width + design.Card.DenseFeatures, file.Outputs);
        }

        var graph = new GraphBuilder(new NoGraph());
        var outputs = ModelGraph.Build(design.Layout, configuration.GraphVariant, graph).Width;
        return (graph.Parameters, graph.LargestValue, outputs);
    }
}
