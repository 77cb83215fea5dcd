using Rectune.Core.Models;

namespace Rectune.Core.Representations;

/// <summary>The part of a representation that computes: from what was looked up or hashed for an id to its vector.</summary>
public interface IVectorDecoder
{
    /// <param name="graph">Receives the operators.</param>
    /// <param name="name">Prefix of parameters and values: the feature whose table is replaced.</param>
    /// <param name="input"><c>[width]</c>: the stored rows side by side, or the encoded hashes.</param>
    /// <param name="dim">Width of the vector.</param>
    GraphValue Build(GraphBuilder graph, string name, GraphValue input, int dim);
}
