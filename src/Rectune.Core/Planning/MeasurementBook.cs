using Rectune.Core.Domain;

namespace Rectune.Core.Planning;

/// <summary>The measurements that a plan may rest on: those whose profile key answers exactly this question, the latest of each key.</summary>
public sealed class MeasurementBook
{
    private readonly Dictionary<string, SortedDictionary<int, MeasurementRow>> rows = new(StringComparer.Ordinal);
    private readonly ProfileKey question;

    /// <param name="question">Model, weights, skew, machine and runtime that a row must share; configuration and batch are free.</param>
    public MeasurementBook(ProfileKey question)
    {
        ArgumentNullException.ThrowIfNull(question);
        this.question = question;
    }

    /// <summary>All rows kept, by configuration, then batch.</summary>
    public IEnumerable<MeasurementRow> Rows => rows.OrderBy(entry => entry.Key, StringComparer.Ordinal).SelectMany(entry => entry.Value.Values);

    /// <summary>Keeps a row that answers the question; false when it belongs to another.</summary>
    public bool Add(MeasurementRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Key != question with { Configuration = row.Key.Configuration, Batch = row.Key.Batch })
        {
            return false;
        }

        var id = row.Key.Configuration.Id();
        if (!rows.TryGetValue(id, out var batches))
        {
            rows[id] = batches = [];
        }

        batches[row.Key.Batch] = row;
        return true;
    }

    /// <summary>Rows of a configuration in ascending batch order.</summary>
    public IReadOnlyList<MeasurementRow> Of(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return rows.TryGetValue(configuration.Id(), out var batches) ? [.. batches.Values] : [];
    }

    /// <summary>Whether every one of <paramref name="batches"/> is known of <paramref name="configuration"/>.</summary>
    public bool Covers(Configuration configuration, IEnumerable<int> batches)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return rows.TryGetValue(configuration.Id(), out var known) && batches.All(known.ContainsKey);
    }
}
