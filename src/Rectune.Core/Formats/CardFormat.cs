using Rectune.Core.Domain;

namespace Rectune.Core.Formats;

/// <summary>Model cards as text (<c>rectune.card/1</c>).</summary>
public static class CardFormat
{
    /// <summary>Reads and checks a card; throws <see cref="InvalidInputException"/> with every problem. <paramref name="fileName"/> is only shown.</summary>
    /// <remarks>Copies of a feature are written out: every feature of the result stands for itself.</remarks>
    public static ModelCard Read(string text, string fileName) =>
        WithoutCopies(RecordText.Read<ModelCard>(new InputText(fileName, text), CardChecks.CheckFile));

    public static string Write(ModelCard card) => RecordText.Write(card);

    /// <summary>Identity of a card: SHA-256 of its canonical text.</summary>
    public static string Sha256(ModelCard card) => TextHash.Sha256(Write(card));

    /// <summary>The card with <c>name.1</c> … <c>name.n</c> in place of n copies.</summary>
    internal static ModelCard WithoutCopies(ModelCard card) => card.Sparse.All(feature => feature.Copies == 1)
        ? card
        : card with { Sparse = [.. card.Sparse.SelectMany(Copies)] };

    /// <summary>Names that a feature of a file stands for; of more copies than a card may have, the first.</summary>
    internal static IEnumerable<string> CopyNames(SparseFeature feature) => feature.Copies == 1
        ? [feature.Name]
        : Enumerable.Range(1, Math.Min(feature.Copies, ModelCard.MaximumFeatures)).Select(copy => FormattableString.Invariant($"{feature.Name}.{copy}"));

    private static IEnumerable<SparseFeature> Copies(SparseFeature feature) => CopyNames(feature).Select(name => feature with { Name = name, Copies = 1 });
}
