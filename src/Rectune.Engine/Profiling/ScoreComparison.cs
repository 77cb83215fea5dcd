using Rectune.Core.Domain;
using Rectune.Engine.Data;
using Rectune.Engine.Sessions;

namespace Rectune.Engine.Profiling;

/// <summary>
/// Largest difference between the scores of a configuration and those of its representation in full precision, on a fixed sample of candidates. Representations are learned
/// apart, so their scores are not compared with each other.
/// </summary>
internal sealed class ScoreComparison(ModelGraphs graphs, TableStore tables, FeatureBatch pool)
{
    private const int SampleSize = 1024;

    /// <summary>Ids whose rows are read one by one for the reference: some seconds' worth at most.</summary>
    private const long LargestReference = 1 << 20;

    private readonly Dictionary<string, float[]> references = new(StringComparer.Ordinal);
    private readonly ReferenceScores full = new(graphs, tables.Values);

    /// <summary>max |score − reference score| over the sample; 0 where nothing is rounded.</summary>
    public double LargestChange(StoredTables opened, Configuration configuration)
    {
        var perSample = Math.Max(1, graphs.Card.Sparse.Sum(feature => (long)feature.Lookups));
        var count = (int)Math.Clamp(LargestReference / perSample, 1, Math.Min(SampleSize, pool.Samples));
        var id = configuration.Representation.Id();
        if (!references.TryGetValue(id, out var reference))
        {
            references[id] = reference = full.Of(configuration.Representation, pool, count);
        }

        using var instance = new PathInstance(graphs, opened, configuration with { Threads = 1, Runtime = new RuntimeOptions() }, count);
        instance.Begin();
        instance.Add(pool, 0, count);
        instance.Pool();
        instance.Score();
        var largest = 0.0;
        for (var i = 0; i < reference.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs((double)instance.Scores[i] - reference[i]));
        }

        return largest;
    }
}
