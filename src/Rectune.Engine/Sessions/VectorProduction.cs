using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Representations;
using Rectune.Engine.Data;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>Produces all vectors of a design for one instance: looks up, decodes, counts steps, on as many threads as an instance has. Allocates nothing after construction; not safe for concurrent use.</summary>
internal sealed class VectorProduction : IDisposable
{
    private readonly EmbeddingDesign design;
    private readonly EmbeddingTables? tables;
    private readonly ThreadTeam team;
    private readonly PoolingTeam pooling;
    private readonly GroupDecoding[] decodings;
    private readonly CacheReader? cache;

    /// <param name="configuration">Whether centroids stand for decoders.</param>
    /// <param name="cache">The instance's hold on a cache of finished vectors, owned from here on; null without one.</param>
    public VectorProduction(ModelGraphs graphs, StoredTables stored, Configuration configuration, int maxBatch, InstanceSetup setup, CacheReader? cache)
    {
        this.cache = cache;
        tables = stored.Direct.Tables;
        team = new ThreadTeam(setup.Threads, setup.Cores);
        pooling = new PoolingTeam(new PooledEmbeddings(), team);
        try
        {
            design = CentroidChoice.Design(graphs, stored, configuration);
            decodings = Decodings(graphs, stored, design, maxBatch, setup, team, cache);
        }
        catch
        {
            team.Dispose();
            cache?.Dispose();
            throw;
        }
    }

    /// <summary>Lookups in the cache so far; safe to ask from any thread.</summary>
    public CacheUse CacheUse
    {
        get
        {
            var use = default(CacheUse);
            foreach (var decoding in decodings)
            {
                use = use.Plus(decoding.CacheUse);
            }

            return use;
        }
    }

    /// <summary>A hold on the same cache for whoever takes the instance's place; null without one.</summary>
    public CacheReader? Successor() => cache?.Succeed();

    /// <param name="destination"><c>[count, layout width]</c></param>
    public void Produce(FeatureBatch source, int start, int count, Span<float> destination)
    {
        if (tables is not null)
        {
            pooling.Pool(tables, source, start, count, destination);
        }

        cache?.Begin();
        try
        {
            foreach (var decoding in decodings)
            {
                decoding.Decode(source, start, count, destination);
            }
        }
        finally
        {
            cache?.End();
        }

        CountSteps(design.Layout, source, start, count, destination);
    }

    public void Dispose()
    {
        foreach (var decoding in decodings)
        {
            decoding.Dispose();
        }

        team.Dispose();
        cache?.Dispose();
    }

    /// <summary>Writes how many steps of every sample's sequences are in use, where the model has any.</summary>
    public static void CountSteps(VectorLayout layout, FeatureBatch source, int start, int count, Span<float> destination)
    {
        if (layout.StepsColumn is not { } column)
        {
            return;
        }

        var feature = layout.StepsFeature!.Value;
        var most = layout.Card.Sparse[feature].Lookups;
        var (ids, offsets) = source.Columns[feature];
        for (var sample = 0; sample < count; sample++)
        {
            var steps = offsets is null ? ids.Length / source.Samples : offsets[start + sample + 1] - offsets[start + sample];
            destination[(sample * layout.Width) + column] = Math.Min(steps, most);
        }
    }

    private static GroupDecoding[] Decodings(
        ModelGraphs graphs, StoredTables stored, EmbeddingDesign design, int maxBatch, InstanceSetup setup, ThreadTeam team, CacheReader? cache)
    {
        var made = new List<GroupDecoding>();
        try
        {
            foreach (var (group, part) in design.Groups.Zip(stored.Grouped))
            {
                made.Add(new GroupDecoding(graphs, design, group, part.Tables, maxBatch, setup, team, cache));
            }
        }
        catch
        {
            made.ForEach(decoding => decoding.Dispose());
            throw;
        }

        return [.. made];
    }
}
