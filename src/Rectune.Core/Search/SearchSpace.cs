using System.Text;
using Rectune.Core.Domain;
using Rectune.Core.Representations;

namespace Rectune.Core.Search;

/// <summary>What may vary: configurations to measure, at which batches, and the limits to simulate for each.</summary>
public sealed class SearchSpace
{
    private static readonly bool[] NotSpinning = [false];

    /// <summary>One thread has all cores for its own, which binds it to none.</summary>
    private static readonly bool[] Pinned = [true];

    private static readonly TablePrecision[] FullPrecisionOnly = [TablePrecision.Fp32];

    private static readonly string[] HostOnly = [TablePlacement.Host];

    private static readonly bool[] Both = [false, true];

    private static readonly long[] NoCache = [0];

    private static readonly int[] NoCentroids = [0];

    private SearchSpace(IReadOnlyList<Configuration> configurations, IReadOnlyList<int> batches, IReadOnlyList<BatchLimits> batchLimits)
    {
        Configurations = configurations;
        Batches = batches;
        BatchLimits = batchLimits;
    }

    public IReadOnlyList<Configuration> Configurations { get; }

    /// <summary>Batch sizes at which each configuration is measured, ascending.</summary>
    public IReadOnlyList<int> Batches { get; }

    public IReadOnlyList<BatchLimits> BatchLimits { get; }

    public int LargestBatch => Batches[^1];

    /// <summary>
    /// Every combination of the knobs on up to <paramref name="cores"/> cores, divided into instances × threads with powers of two and the whole; spinning where an instance
    /// has threads to keep awake and a core is left for everything else: threads that spin on every core take it from whoever sends the queries. More threads than cores
    /// are left out: they only queue inside the machine. Only what hashes ids has a cache of vectors, or centroids.
    /// </summary>
    /// <param name="card">Decides which representations hash ids; null where neither is searched.</param>
    /// <exception cref="InvalidInputException">A cache or centroids were asked for, and no representation hashes ids.</exception>
    public static SearchSpace ForCpu(int cores, SpaceKnobs? knobs = null, ModelCard? card = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cores, 1);
        knobs ??= new SpaceKnobs();
        var hashing = Hashing(knobs, card);
        var configurations =
            from representation in knobs.Representations
            from precision in RepresentationCatalog.StoresRows(representation) ? knobs.TablePrecisions : FullPrecisionOnly
            from placement in RepresentationCatalog.StoresRows(representation) ? knobs.Placements : HostOnly
            let hashes = hashing.Contains(representation.Id())
            from cache in hashes ? knobs.CacheBytes : NoCache
            from centroids in hashes ? knobs.Centroids : NoCentroids
            from dense in knobs.DensePrecisions
            from variant in knobs.GraphVariants
            from instances in Steps(cores).Where(n => knobs.Instances is null || knobs.Instances.Contains(n))
            from threads in Steps(cores / instances).Where(n => knobs.Threads is null || knobs.Threads.Contains(n))
            from spinning in threads > 1 && instances * threads < cores ? Both : NotSpinning
            from pinned in threads * instances > 1 ? knobs.Pinned : Pinned
            select new Configuration
            {
                Representation = representation,
                TablePrecision = precision,
                Placement = placement,
                DensePrecision = dense,
                GraphVariant = variant,
                Device = "cpu",
                Instances = instances,
                Threads = threads,
                CacheBytes = cache,
                Centroids = centroids,
                Runtime = new RuntimeOptions { Spinning = spinning, Pinned = pinned },
            };
        return new SearchSpace([.. configurations], knobs.Batches, [.. Limits(knobs)]);
    }

    /// <summary>Configurations that were measured, at the batches they were measured at, under the usual limits and one pair more.</summary>
    /// <param name="configurations">At least one.</param>
    /// <param name="batches">At least one, ascending.</param>
    /// <param name="also">Limits that may not be among the usual ones; left out where the largest batch that was measured does not hold them.</param>
    public static SearchSpace Measured(IReadOnlyList<Configuration> configurations, IReadOnlyList<int> batches, BatchLimits also)
    {
        ArgumentNullException.ThrowIfNull(configurations);
        ArgumentNullException.ThrowIfNull(batches);
        var limits = Limits(new SpaceKnobs { Batches = batches }).Concat(also.MaxBatch <= batches[^1] ? [also] : []).Distinct().ToArray();

        // Where none was measured up to, the largest batch is the one there is.
        return new SearchSpace(configurations, batches, limits.Length > 0 ? limits : [new BatchLimits(batches[^1], batches[^1])]);
    }

    /// <summary>The same with configurations that may not be in it.</summary>
    public SearchSpace With(IEnumerable<Configuration> configurations) =>
        new([.. Configurations.Concat(configurations).DistinctBy(configuration => configuration.Id())], Batches, BatchLimits);

    /// <summary>Identity of the space: SHA-256 over its configurations, batches and limits.</summary>
    public string Sha256()
    {
        var text = new StringBuilder();
        foreach (var configuration in Configurations)
        {
            text.Append(configuration.Id()).Append('\n');
        }

        text.AppendJoin(',', Batches).Append('\n');
        foreach (var (split, maxBatch) in BatchLimits)
        {
            text.Append(split).Append('/').Append(maxBatch).Append('\n');
        }

        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Identities of the representations that hash ids of the model; none where nothing is searched that only they can have.</summary>
    private static HashSet<string> Hashing(SpaceKnobs knobs, ModelCard? card)
    {
        var (caches, centroids) = (knobs.CacheBytes.Any(bytes => bytes > 0), knobs.Centroids.Any(count => count > 0));
        if (!caches && !centroids)
        {
            return [];
        }

        var hashing = knobs.Representations.Where(Hashes).Select(representation => representation.Id()).ToHashSet(StringComparer.Ordinal);
        var problems = new List<InputProblem>();
        if (hashing.Count == 0 && caches && knobs.CacheAsked)
        {
            problems.Add(Useless("cache", "a cache of vectors", "looking vectors up is as fast as a cache", "the cache"));
        }

        if (hashing.Count == 0 && centroids && knobs.CentroidsAsked)
        {
            problems.Add(Useless("centroids", "centroids", "there are no encodings to compare", "the centroids"));
        }

        return problems.Count == 0 ? hashing : throw new InvalidInputException(problems);

        bool Hashes(Representation representation) =>
            RepresentationCatalog.Design(card ?? throw new ArgumentNullException(nameof(card), "a space with caches or centroids needs the model"), representation).CachedTables.Count > 0;

        InputProblem Useless(string knob, string found, string why, string it) => new(
            $"{SpaceKnobs.Flag} {knob}",
            $"found {found}, but none of {string.Join(", ", knobs.Representations.Select(representation => representation.Id()))} hashes ids of this model: {why}",
            $"search dhe, hybrid or select, or leave {it} out");
    }

    private static IEnumerable<int> Steps(int most)
    {
        for (var step = 1; step <= most; step *= 2)
        {
            yield return step;
        }

        if (most > 0 && !int.IsPow2(most))
        {
            yield return most;
        }
    }

    /// <summary>Every split with every batch that was measured up to; a split that a batch does not hold is cut to it.</summary>
    private static IEnumerable<BatchLimits> Limits(SpaceKnobs knobs)
    {
        var measured = knobs.MaxBatches.Where(maxBatch => maxBatch <= knobs.Batches[^1]);
        return (from split in knobs.Splits from maxBatch in measured select new BatchLimits(Math.Min(split, maxBatch), maxBatch)).Distinct();
    }
}
