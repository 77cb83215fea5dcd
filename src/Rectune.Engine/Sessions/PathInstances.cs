using Rectune.Core.Domain;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>Loads all instances of a configuration, or none.</summary>
public static class PathInstances
{
    /// <param name="model">Graph and widths.</param>
    /// <param name="tables">Tables in the configuration's precision, shared by all.</param>
    /// <param name="configuration">How many instances, and how each runs.</param>
    /// <param name="maxBatch">Largest batch that will be run.</param>
    public static PathInstance[] Load(DenseModel model, EmbeddingTables tables, Configuration configuration, int maxBatch)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var instances = new PathInstance[configuration.Instances];
        try
        {
            for (var i = 0; i < instances.Length; i++)
            {
                instances[i] = new PathInstance(model, tables, configuration, maxBatch);
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
