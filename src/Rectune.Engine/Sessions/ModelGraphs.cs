using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Onnx;
using Rectune.Core.Representations;

namespace Rectune.Engine.Sessions;

/// <summary>Everything of a model but its rows, for any configuration: designs, graphs and hash functions, made on first use and kept. Safe from several threads.</summary>
public sealed class ModelGraphs
{
    private readonly IParameters parameters;
    private readonly byte[]? fileGraph;
    private readonly Dictionary<string, EmbeddingDesign> designs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> graphs = new(StringComparer.Ordinal);
    private readonly Lock making = new();

    /// <param name="card">The model.</param>
    /// <param name="seed">Seed of dense parameters and hash functions.</param>
    /// <param name="fileGraph">The graph itself, where the card was made from a model file.</param>
    public ModelGraphs(ModelCard card, ulong seed, byte[]? fileGraph = null)
    {
        ArgumentNullException.ThrowIfNull(card);
        if (card.Graph is null != fileGraph is null)
        {
            throw new ArgumentException("a card made from a model file comes with its graph, and no other does", nameof(fileGraph));
        }

        this.fileGraph = fileGraph;
        Card = card;
        Seed = seed;
        parameters = new RandomParameters(seed);
        Outputs = new ModelSize(card).Outputs;
    }

    public ModelCard Card { get; }

    /// <summary>Of everything about the model that is drawn.</summary>
    public ulong Seed { get; }

    /// <summary>Scores of a sample.</summary>
    public int Outputs { get; }

    /// <summary>What a representation makes of the model; the same object for the same representation.</summary>
    public EmbeddingDesign Design(Representation representation)
    {
        ArgumentNullException.ThrowIfNull(representation);
        lock (making)
        {
            if (!designs.TryGetValue(representation.Id(), out var design))
            {
                designs[representation.Id()] = design = RepresentationCatalog.Design(Card, representation);
            }

            return design;
        }
    }

    /// <summary>The dense graph loaded for one instance of a configuration: inputs dense (where the model has any) and pooled, output score.</summary>
    public GraphSession LoadDense(Configuration configuration, int maxBatch, InstanceSetup setup)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var layout = Design(configuration.Representation).Layout;
        var graph = fileGraph ?? Graph(
            $"dense {layout.Slots.Count} {configuration.GraphVariant} {configuration.DensePrecision}",
            () => DenseGraph.Write(layout, parameters, configuration.GraphVariant, configuration.DensePrecision));
        TensorWidth[] inputs = [new(DenseTensors.Pooled, layout.Width), new(DenseTensors.Dense, Card.DenseFeatures)];
        return new GraphSession(
            graph,
            inputs,
            [new TensorWidth(DenseTensors.Score, Outputs)],
            maxBatch,
            setup,
            Card.Graph?.BatchStep ?? 0);
    }

    /// <summary>The decoders of a group loaded for one instance; see <see cref="DecoderGraph"/> for the tensors.</summary>
    public GraphSession LoadDecoder(EmbeddingDesign design, DecodedGroup group, int maxIds, InstanceSetup setup)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(group);

        // Centroids are a workload's, not the model's: their graphs are not kept.
        var graph = design.IsApproximate
            ? DecoderGraph.Write(design, group, parameters)
            : Graph(FormattableString.Invariant($"decoder {design.Representation.Id()} {string.Join(',', group.Slots)}"), () => DecoderGraph.Write(design, group, parameters));
        var sources = group.Slots.Select(slot => design.Sources[slot]).ToArray();
        TensorWidth[] inputs = group.Hashed
            ? [.. sources.Select((source, j) => new TensorWidth(DecoderGraph.EncodingsOf(j), source.InputWidth))]
            : [new TensorWidth(DecoderGraph.Rows, sources.Sum(source => source.InputWidth))];
        TensorWidth[] outputs = [.. group.Slots.Select((slot, j) => new TensorWidth(DecoderGraph.VectorOf(j), design.Layout.Slots[slot].Dim))];
        return new GraphSession(graph, inputs, outputs, maxIds, setup, name: OperatorTime.Decoder);
    }

    /// <summary>The hash functions of a source that hashes.</summary>
    public DheHashes Hashes(HashInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return DheHashes.Draw(input.Name, input.Count, Seed, input.Range);
    }

    private byte[] Graph(string key, Func<byte[]> write)
    {
        lock (making)
        {
            if (!graphs.TryGetValue(key, out var graph))
            {
                graphs[key] = graph = write();
            }

            return graph;
        }
    }
}
