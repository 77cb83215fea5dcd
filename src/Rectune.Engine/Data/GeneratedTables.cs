using Rectune.Core.Domain;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Data;

/// <summary>
/// A model's tables with seeded random rows, one precision in memory at a time: opening another precision frees the one before. The same seed gives the same
/// rows in every precision and on every machine.
/// </summary>
public sealed class GeneratedTables(ModelCard card, ulong seed, int threads) : IDisposable
{
    private EmbeddingTables? open;

    /// <summary>Precision in memory; null when nothing is.</summary>
    public TablePrecision? OpenPrecision { get; private set; }

    /// <summary>The tables in <paramref name="precision"/>, generated now unless they are the open ones. Valid until another precision is opened.</summary>
    public EmbeddingTables Open(TablePrecision precision, IProgress<double> progress, CancellationToken cancellation)
    {
        if (open is not null && OpenPrecision == precision)
        {
            return open;
        }

        Close();
        var tables = EmbeddingTables.ForFeatures(card.Sparse, precision);
        try
        {
            RandomWeights.Fill(tables, seed, threads, progress, cancellation);
        }
        catch
        {
            tables.Dispose();
            throw;
        }

        open = tables;
        OpenPrecision = precision;
        return tables;
    }

    /// <summary>The full-precision values of one row, as they were before any quantisation.</summary>
    public void GenerateRow(int table, long row, Span<float> destination) => RandomWeights.Row(seed, table, card.Sparse[table].Rows, row, destination);

    /// <summary>Frees the tables in memory.</summary>
    public void Close()
    {
        open?.Dispose();
        open = null;
        OpenPrecision = null;
    }

    public void Dispose() => Close();
}
