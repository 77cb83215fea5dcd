using Rectune.Core.Domain;
using Rectune.Core.Workloads;

namespace Rectune.Engine.Data;

/// <summary>
/// Candidates from real clicks. A dense feature is ln(1 + max(x, 0)), a missing one 0; a category becomes a row by <see cref="CategoryHash"/>. The first
/// rows are kept as candidates; the skew is measured and the file hashed over all rows.
/// </summary>
public static class ClickLogCandidates
{
    /// <summary>Kept as candidates by default: about 150 MB, and far more than any cache holds.</summary>
    public const int DefaultKeptRows = 1_000_000;

    private const int FirstCapacity = 16 * 1024;

    /// <param name="name">The file's name for messages.</param>
    /// <exception cref="InvalidInputException">The file is malformed, or the model takes other features than a click log has.</exception>
    public static CandidatePool Read(ModelCard card, Stream stream, string name, int keepRows, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(keepRows);
        CheckShape(card, name);
        var rowsOf = card.Sparse.Select(feature => feature.Rows).ToArray();
        // One counter a row of each table: exact, and smaller than any dictionary once a log is large. Untouched pages cost nothing.
        var counts = rowsOf.Select(rows => new int[rows]).ToArray();
        var capacity = Math.Min(keepRows, FirstCapacity);
        var dense = new float[capacity * CriteoRow.IntegerCount];
        var columns = rowsOf.Select(_ => new int[capacity]).ToArray();
        var kept = 0;
        using var reader = new CriteoReader(stream, name);
        var row = new CriteoRow();
        while (reader.Read(row))
        {
            if (reader.Rows % FirstCapacity == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            var keep = kept < keepRows;
            if (keep && kept == capacity)
            {
                capacity = (int)Math.Min(keepRows, 2L * capacity);
                Resize(ref dense, columns, capacity);
            }

            for (var feature = 0; feature < columns.Length; feature++)
            {
                var id = CategoryHash.Row(feature, row.Categories[feature], rowsOf[feature]);
                counts[feature][id]++;
                if (keep)
                {
                    columns[feature][kept] = id;
                }
            }

            if (keep)
            {
                Transform(row.Integers, dense.AsSpan(kept * CriteoRow.IntegerCount, CriteoRow.IntegerCount));
                kept++;
            }
        }

        Resize(ref dense, columns, kept);
        return new CandidatePool
        {
            Features = new FeatureBatch(kept, dense, [.. columns.Select(ids => new SparseColumn(ids, null))]),
            Skew = SkewEstimate.FromCounts(counts).Measured(SkewKind.Data, reader.Sha256, reader.Rows),
            Popular = PopularIds.Counted(counts),
        };
    }

    private static void CheckShape(ModelCard card, string name)
    {
        const string advice = "use a model of the Criteo layout, or no click log";
        var problems = new List<InputProblem>();
        if (card.DenseFeatures != CriteoRow.IntegerCount)
        {
            problems.Add(new InputProblem(
                name, $"model '{card.Name}' takes {card.DenseFeatures} dense features, a Criteo click log has {CriteoRow.IntegerCount}", advice));
        }

        if (card.Sparse.Count != CriteoRow.CategoryCount)
        {
            problems.Add(new InputProblem(
                name, $"model '{card.Name}' takes {card.Sparse.Count} sparse features, a Criteo click log has {CriteoRow.CategoryCount}", advice));
        }

        foreach (var feature in card.Sparse.Where(feature => feature.Lookups != 1))
        {
            problems.Add(new InputProblem(
                name, $"model '{card.Name}' takes {feature.Lookups} ids of feature '{feature.Name}', a Criteo click log has 1", advice));
        }

        if (problems.Count > 0)
        {
            throw new InvalidInputException(problems);
        }
    }

    private static void Resize(ref float[] dense, int[][] columns, int rows)
    {
        Array.Resize(ref dense, rows * CriteoRow.IntegerCount);
        for (var feature = 0; feature < columns.Length; feature++)
        {
            Array.Resize(ref columns[feature], rows);
        }
    }

    private static void Transform(int?[] integers, Span<float> dense)
    {
        for (var i = 0; i < dense.Length; i++)
        {
            dense[i] = integers[i] is { } value ? MathF.Log(1 + (float)Math.Max(value, 0)) : 0;
        }
    }
}
