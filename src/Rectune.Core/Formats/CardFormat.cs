using Rectune.Core.Domain;

namespace Rectune.Core.Formats;

/// <summary>Model cards as text (<c>rectune.card/1</c>).</summary>
public static class CardFormat
{
    /// <summary>Reads and checks a card; throws <see cref="InvalidInputException"/> with every problem. <paramref name="fileName"/> is only shown.</summary>
    public static ModelCard Read(string text, string fileName) =>
        RecordText.Read<ModelCard>(new InputText(fileName, text), CardChecks.Check);

    public static string Write(ModelCard card) => RecordText.Write(card);

    /// <summary>Identity of a card: SHA-256 of its canonical text.</summary>
    public static string Sha256(ModelCard card) => TextHash.Sha256(Write(card));
}
