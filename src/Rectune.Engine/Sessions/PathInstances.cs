using Rectune.Core.Domain;
using Rectune.Engine.Data;

namespace Rectune.Engine.Sessions;

/// <summary>Loads all instances of a configuration, or none.</summary>
public static class PathInstances
{
    /// <param name="graphs">The model.</param>
    /// <param name="stored">Rows of the configuration's representation in its precision, shared by all.</param>
    /// <param name="configuration">How many instances, and how each runs.</param>
    /// <param name="maxBatch">Largest batch that will be run.</param>
    /// <param name="refreshing">How their cache of vectors follows what is asked for; null where it stays as it is.</param>
    public static PathInstance[] Load(ModelGraphs graphs, StoredTables stored, Configuration configuration, int maxBatch, CacheRefreshing? refreshing = null)
    {
        ArgumentNullException.ThrowIfNull(graphs);
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(configuration);
        var instances = new PathInstance[configuration.Instances];
        var cache = VectorCache.Of(graphs, stored, configuration);
        try
        {
            for (var i = 0; i < instances.Length; i++)
            {
                instances[i] = new PathInstance(graphs, stored, configuration, maxBatch, i, traceFolder: null, cache);
            }

            if (refreshing is not null)
            {
                cache?.Follow(refreshing);
            }
        }
        catch
        {
            foreach (var instance in instances)
            {
                instance?.Dispose();
            }

            cache?.Dispose();
            throw;
        }

        return instances;
    }
}
