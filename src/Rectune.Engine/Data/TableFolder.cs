using System.Security.Cryptography;
using System.Text;
using Rectune.Core.Domain;
using Rectune.Core.Representations;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Data;

/// <summary>Files with the stored rows of models: a file for each part of a representation in one precision, written once and opened from then on.</summary>
/// <param name="path">The folder; made where there is none.</param>
/// <param name="values">Says what the values are: weights and model, such as <c>random:42</c> and the card's SHA-256.</param>
public sealed class TableFolder(string path, string values)
{
    /// <summary>Hexadecimal digits of an identity in a file's name: enough that two never meet, and the header holds it whole.</summary>
    private const int NameDigits = 16;

    /// <summary>The tables of one part: complete and to be read where the file is there, else new, to be written and completed.</summary>
    /// <param name="part">Index in <see cref="StoredTables"/>.</param>
    /// <exception cref="MissingResourceException">The folder or the file cannot be made or read.</exception>
    /// <exception cref="InvalidInputException">The file holds something else, or not all of it.</exception>
    public EmbeddingTables Open(EmbeddingDesign design, TablePrecision precision, int part, IReadOnlyList<TableSlot> slots, int width)
    {
        ArgumentNullException.ThrowIfNull(design);
        var identity = FormattableString.Invariant($"{values} {design.Representation.Id()} part {part}");
        var file = FileOf(design.Representation, precision, part, identity);
        if (File.Exists(file))
        {
            return EmbeddingTables.OpenFile(file, slots, width, precision, identity);
        }

        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new MissingResourceException($"The folder {path} cannot be made: {refused.Message}", "Name one that can with --tables DIR.", refused);
        }

        return EmbeddingTables.CreateFile(file, slots, width, precision, identity);
    }

    private string FileOf(Representation representation, TablePrecision precision, int part, string identity)
    {
        var digits = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..NameDigits];
        return Path.Combine(path, FormattableString.Invariant($"{representation.Kind}-{precision.Name()}-{part}-{digits}.tables"));
    }
}
