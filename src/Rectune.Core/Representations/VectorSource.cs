using Rectune.Core.Models;

namespace Rectune.Core.Representations;

/// <summary>How the vector of one id of a feature comes about: rows looked up or hashes encoded, then decoded where that is not yet the vector.</summary>
public sealed record VectorSource
{
    /// <summary>Rows to look up; empty where ids are hashed.</summary>
    public IReadOnlyList<StoredRows> Stored { get; init; } = [];

    /// <summary>Hashes to compute; null where rows are looked up.</summary>
    public HashInput? Hashes { get; init; }

    /// <summary>Null where the one stored row is the vector.</summary>
    public IVectorDecoder? Decoder { get; init; }

    /// <summary>The source that the stored rows were computed from, id by id; null where they are learned themselves.</summary>
    public VectorSource? Evaluated { get; init; }

    /// <summary>Elements that enter the decoder.</summary>
    public int InputWidth => Hashes?.Count ?? Stored.Sum(rows => rows.Dim);

    /// <summary>Parameters and work of decoding one id.</summary>
    public DecoderCost DecoderCost(string name, int dim)
    {
        if (Decoder is null)
        {
            return default;
        }

        var graph = new GraphBuilder(new NoGraph());
        Decoder.Build(graph, name, graph.Input("input", InputWidth), dim);
        return new DecoderCost(graph.Parameters, graph.Flops, graph.Values, graph.Operators);
    }
}
