namespace Rectune.Core.Onnx;

/// <summary>One embedding lookup of a user's model: which ids, which table, and where its rows go in <c>pooled [batch, P]</c>.</summary>
/// <param name="Name">Letters, digits and <c>_ - .</c>; unique in the model.</param>
/// <param name="Input">The model's own input that carries the ids; several lookups may share one.</param>
/// <param name="Table">Index in <see cref="LiftedModel.Tables"/>; several lookups may share one.</param>
/// <param name="Rows">Rows of the table.</param>
/// <param name="Dim">Elements of a row.</param>
/// <param name="FirstId">Which of the input's ids of a sample is this lookup's first: inputs may hold the ids of several features.</param>
/// <param name="Ids">Ids per sample.</param>
/// <param name="IsPooled">True when the rows of a sample are summed into one of <paramref name="Dim"/> elements; false when all of them are handed on in order.</param>
/// <param name="Offset">First column in <c>pooled</c>.</param>
public sealed record LiftedFeature(string Name, string Input, int Table, long Rows, int Dim, int FirstId, int Ids, bool IsPooled, int Offset)
{
    /// <summary>Rows handed on per sample: 1 for a sum, all of them for a sequence.</summary>
    public int Steps => IsPooled ? 1 : Ids;

    /// <summary>Columns in <c>pooled</c>: <c>Steps · Dim</c>.</summary>
    public int Width => Steps * Dim;
}
