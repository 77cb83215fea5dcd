using Rectune.Core.Domain;

namespace Rectune.Core.Models;

/// <summary>What a card's architecture amounts to: parameters, work and bytes, counted on the model's own graph in the form of its source.</summary>
public sealed class ModelSize
{
    private readonly long? flops;

    public ModelSize(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        Card = card;
        if (card.Graph is { } file)
        {
            (Outputs, DenseParameters) = (file.Outputs, file.Bytes / sizeof(float));
            return;
        }

        var graph = new GraphBuilder(new NoGraph());
        Outputs = ModelGraph.Build(new VectorLayout(card), ModelGraph.Variants(card)[^1], graph).Width;
        DenseParameters = graph.Parameters;
        flops = graph.Flops;
    }

    public ModelCard Card { get; }

    /// <summary>Weights and biases of everything but the tables; of a model file, at most so many.</summary>
    public long DenseParameters { get; }

    /// <inheritdoc cref="GraphBuilder.Flops"/>
    /// <exception cref="InvalidOperationException">The model comes from a file, whose work is not counted.</exception>
    public long FlopsPerSample => flops ?? throw new InvalidOperationException($"the work of {Card.Name} is not counted: it comes from a model file");

    /// <summary>Scores of a sample.</summary>
    public int Outputs { get; }

    /// <summary>Rows read for one sample.</summary>
    public long LookupsPerSample => Card.Sparse.Sum(f => (long)f.Lookups);

    /// <summary>Bytes of one sample's features: fp32 dense values and 64-bit ids.</summary>
    public long InputBytesPerSample => (Card.DenseFeatures * (long)sizeof(float)) + (LookupsPerSample * sizeof(long));

    /// <summary>Features with a table of their own.</summary>
    public IEnumerable<SparseFeature> Tables => Card.Sparse.Where(f => f.Table is null);

    /// <summary>Rows of all tables.</summary>
    public long Rows => Tables.Sum(f => f.Rows);

    /// <summary>Bytes of table rows read for one sample.</summary>
    public long EmbeddingBytesPerSample(TablePrecision precision) => Card.Sparse.Sum(f => (long)f.Lookups * precision.RowBytes(f.Dim));

    /// <summary>Bytes of all tables, without padding or headers.</summary>
    public long TableBytes(TablePrecision precision) => Tables.Sum(f => f.Rows * precision.RowBytes(f.Dim));
}
