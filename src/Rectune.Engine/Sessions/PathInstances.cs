using Rectune.Core.Domain;
using Rectune.Engine.Data;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>Loads all instances of a configuration, or none.</summary>
public static class PathInstances
{
    /// <summary>Those of several paths, <c>[paths][instances]</c>, or none.</summary>
    /// <param name="graphs">The model.</param>
    /// <param name="stored">Rows of each path's representation in its precision.</param>
    /// <param name="paths">What runs, each up to its own largest batch.</param>
    /// <param name="refreshing">How their caches of vectors follow what is asked for; null where they stay as they are.</param>
    /// <param name="near">Whether each has its memory near its cores, as is good where cores differ in what is near.</param>
    /// <param name="cores">Those that the instances of a path divide, and whatever takes the place of one keeps to; null: as its configuration says.</param>
    public static PathInstance[][] LoadAll(
        ModelGraphs graphs, IReadOnlyList<StoredTables> stored, IReadOnlyList<ServingPath> paths, CacheRefreshing? refreshing = null, bool near = false, CoreSet? cores = null)
    {
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(paths);
        var loaded = new List<PathInstance[]>();
        try
        {
            for (var i = 0; i < paths.Count; i++)
            {
                loaded.Add(Load(graphs, stored[i], paths[i].Configuration, paths[i].MaxBatch, refreshing, near, cores));
            }
        }
        catch
        {
            foreach (var instance in loaded.SelectMany(instances => instances))
            {
                instance.Dispose();
            }

            throw;
        }

        return [.. loaded];
    }

    /// <param name="graphs">The model.</param>
    /// <param name="stored">Rows of the configuration's representation in its precision, shared by all.</param>
    /// <param name="configuration">How many instances, and how each runs.</param>
    /// <param name="maxBatch">Largest batch that will be run.</param>
    /// <param name="refreshing">How their cache of vectors follows what is asked for; null where it stays as it is.</param>
    /// <param name="near">Whether each has its memory near its cores.</param>
    /// <param name="cores">Those that they divide, and whatever takes the place of one keeps to; null: as the configuration says.</param>
    public static PathInstance[] Load(
        ModelGraphs graphs, StoredTables stored, Configuration configuration, int maxBatch, CacheRefreshing? refreshing = null, bool near = false, CoreSet? cores = null)
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
                var setup = InstanceSetup.Of(configuration, i, traceFolder: null, cores);
                instances[i] = near ? setup.Near(() => Instance(setup)) : Instance(setup);
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

        PathInstance Instance(InstanceSetup setup) => new(graphs, stored, configuration, maxBatch, setup, cache?.Enter());
    }
}
