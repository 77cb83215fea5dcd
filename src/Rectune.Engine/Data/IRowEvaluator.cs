using Rectune.Core.Representations;

namespace Rectune.Engine.Data;

/// <summary>Computes the rows of a table that was learned in another form. Safe to call from several threads at once.</summary>
public interface IRowEvaluator
{
    /// <param name="slot">Index in <see cref="EmbeddingDesign.Sources"/>, of a source with <see cref="VectorSource.Evaluated"/>.</param>
    /// <param name="firstId">Ids <paramref name="firstId"/>, <paramref name="firstId"/> + 1, …</param>
    /// <param name="values"><c>[ids, dim]</c></param>
    void Evaluate(EmbeddingDesign design, int slot, long firstId, Span<float> values);
}
