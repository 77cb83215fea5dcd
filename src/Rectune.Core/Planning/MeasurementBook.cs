using Rectune.Core.Domain;

namespace Rectune.Core.Planning;

/// <summary>The measurements that a plan may rest on: those whose profile key answers exactly this question, the latest of each key.</summary>
public sealed class MeasurementBook
{
    private readonly Dictionary<string, SortedDictionary<int, LaunchedRows>> rows = new(StringComparer.Ordinal);
    private readonly ProfileKey question;

    /// <param name="question">Model, weights, skew, machine and runtime that a row must share; configuration and batch are free.</param>
    public MeasurementBook(ProfileKey question)
    {
        ArgumentNullException.ThrowIfNull(question);
        this.question = question;
    }

    /// <summary>Rows that were handed in and answer the question in all but how they were taken: an older way of measuring, or a newer.</summary>
    public int TakenOtherwise { get; private set; }

    /// <summary>All measurements kept, by configuration, then batch; parts that several processes took are put together.</summary>
    public IEnumerable<MeasurementRow> Rows => rows.OrderBy(entry => entry.Key, StringComparer.Ordinal).SelectMany(entry => entry.Value.Values).Select(parts => parts.Merged);

    /// <summary>The latest session of so many processes that measurements of these lack parts of; null where there is none.</summary>
    public string? Unfinished(IEnumerable<Configuration> configurations, IEnumerable<int> wanted, int of)
    {
        ArgumentNullException.ThrowIfNull(configurations);
        return configurations
            .SelectMany(configuration => rows.TryGetValue(configuration.Id(), out var known) ? wanted.Select(batch => known.GetValueOrDefault(batch)) : [])
            .Where(parts => parts is { Complete: false } && parts.Expected == of)
            .MaxBy(parts => parts!.MeasuredAt, StringComparer.Ordinal)?.Session;
    }

    /// <summary>Keeps a row that answers the question; false when it belongs to another. A row of another session replaces all parts of those before.</summary>
    public bool Add(MeasurementRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var wanted = question with { Configuration = row.Key.Configuration, Batch = row.Key.Batch };
        if (row.Key != wanted)
        {
            var otherwise = RuntimeVersions.DifferInMeasuring(row.Key.RuntimeFingerprint, wanted.RuntimeFingerprint) && row.Key == wanted with { RuntimeFingerprint = row.Key.RuntimeFingerprint };
            TakenOtherwise += otherwise ? 1 : 0;
            return false;
        }

        var id = row.Key.Configuration.Id();
        if (!rows.TryGetValue(id, out var batches))
        {
            rows[id] = batches = [];
        }

        if (batches.TryGetValue(row.Key.Batch, out var parts) && parts.Belongs(row))
        {
            parts.Add(row);
        }
        else
        {
            batches[row.Key.Batch] = new LaunchedRows(row);
        }

        return true;
    }

    /// <summary>Measurements of a configuration in ascending batch order.</summary>
    public IReadOnlyList<MeasurementRow> Of(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return rows.TryGetValue(configuration.Id(), out var batches) ? [.. batches.Values.Select(parts => parts.Merged)] : [];
    }

    /// <summary>Whether every one of <paramref name="wanted"/> is known of <paramref name="configuration"/>, with all its parts.</summary>
    public bool Covers(Configuration configuration, IEnumerable<int> wanted)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return rows.TryGetValue(configuration.Id(), out var known) && wanted.All(batch => known.TryGetValue(batch, out var parts) && parts.Complete);
    }

    /// <summary>Whether a process of a session has taken its part of every one of <paramref name="wanted"/>.</summary>
    public bool Covers(Configuration configuration, IEnumerable<int> wanted, LaunchPlace launch)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(launch);
        return rows.TryGetValue(configuration.Id(), out var known)
            && wanted.All(batch => known.TryGetValue(batch, out var parts) && parts.Session == launch.Session && parts.Has(launch.Number));
    }
}
