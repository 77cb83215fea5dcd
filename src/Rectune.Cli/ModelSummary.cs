using Rectune.Core.Domain;
using Rectune.Core.Models;

namespace Rectune.Cli;

/// <summary>A model of the zoo in figures.</summary>
internal sealed record ModelSummary
{
    public required string Name { get; init; }

    /// <summary>Other names that the model may be asked for by.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }

    public required string Description { get; init; }

    public required string Source { get; init; }

    public required long DenseParameters { get; init; }

    public required long FlopsPerSample { get; init; }

    public required int Tables { get; init; }

    public required long Rows { get; init; }

    public required long LookupsPerSample { get; init; }

    /// <summary>fp32 rows.</summary>
    public required long EmbeddingBytesPerSample { get; init; }

    /// <inheritdoc cref="ModelSize.InputBytesPerSample"/>
    public required long InputBytesPerSample { get; init; }

    /// <summary>Scores of a sample.</summary>
    public required int Outputs { get; init; }

    public required long TableBytesFp32 { get; init; }

    public required long TableBytesFp16 { get; init; }

    public required long TableBytesInt8 { get; init; }

    public required long TableBytesInt4 { get; init; }

    /// <summary>What <c>--sla default</c> stands for, with its origin.</summary>
    public required CardSla Sla { get; init; }

    public static ModelSummary Of(ModelCard card)
    {
        var size = new ModelSize(card);
        return new ModelSummary
        {
            Name = card.Name,
            Aliases = [.. Zoo.Aliases.Where(alias => alias.Value == card.Name).Select(alias => alias.Key)],
            Description = card.Description,
            Source = card.Source,
            DenseParameters = size.DenseParameters,
            FlopsPerSample = size.FlopsPerSample,
            Tables = size.Tables.Count(),
            Rows = size.Rows,
            LookupsPerSample = size.LookupsPerSample,
            EmbeddingBytesPerSample = size.EmbeddingBytesPerSample(TablePrecision.Fp32),
            InputBytesPerSample = size.InputBytesPerSample,
            Outputs = size.Outputs,
            TableBytesFp32 = size.TableBytes(TablePrecision.Fp32),
            TableBytesFp16 = size.TableBytes(TablePrecision.Fp16),
            TableBytesInt8 = size.TableBytes(TablePrecision.Int8),
            TableBytesInt4 = size.TableBytes(TablePrecision.Int4),
            Sla = card.Sla,
        };
    }
}
