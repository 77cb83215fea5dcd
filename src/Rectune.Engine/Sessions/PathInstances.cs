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
    public static PathInstance[] Load(ModelGraphs graphs, StoredTables stored, Configuration configuration, int maxBatch)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var instances = new PathInstance[configuration.Instances];
        try
        {
            for (var i = 0; i < instances.Length; i++)
            {
                instances[i] = new PathInstance(graphs, stored, configuration, maxBatch, i);
            }
        }
        catch
        {
            foreach (var instance in instances)
            {
                instance?.Dispose();
            }

            throw;
        }

        return instances;
    }
}
