using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;
using Rectune.Engine.Data;
using Rectune.Engine.Serving;
using Rectune.Engine.Sessions;

namespace Rectune.Benchmarks.Serving;

/// <summary>A zoo model over fp32 tables, its candidates, and instances that keep to the first core.</summary>
internal sealed class ServedModel : IDisposable
{
    private const ulong Seed = 1;

    private readonly ModelGraphs graphs;
    private readonly TableStore tables;
    private readonly StoredTables stored;

    // Two instances divide the cores between them; only the first one is ever loaded, so that the second core is left to whoever sends.
    private readonly Configuration configuration = new()
    {
        Representation = Representation.Table,
        TablePrecision = TablePrecision.Fp32,
        Device = "cpu",
        Threads = 1,
        Instances = 2,
    };

    public ServedModel(string name, long rowsCap)
    {
        Card = CardOf(name, rowsCap);
        graphs = new ModelGraphs(Card, Seed);
        tables = new TableStore(new RandomRows(Seed), Environment.ProcessorCount);
        stored = tables.Open(graphs.Design(Representation.Table), configuration, new Progress<double>(), CancellationToken.None);
        Pool = PoolOf(Card);
    }

    public ModelCard Card { get; }

    public FeatureBatch Pool { get; }

    public PathInstance Instance(int maxBatch) => new(graphs, stored, configuration, maxBatch, number: 0);

    /// <summary>One instance behind the scheduler, that takes queries whole.</summary>
    /// <param name="samples">Of the largest query.</param>
    /// <param name="spin">How long it looks for work before it sleeps.</param>
    public InProcessServer Server(int samples, TimeSpan spin) => new(
        new SchedulerSettings { Policy = SchedulingPolicies.Static, Instances = 1, SplitSamples = samples, MaxBatch = samples, BatchWindowUs = 0, QueueLimit = 1024 },
        [[Instance(samples)]],
        TimeProvider.System,
        spin: spin);

    /// <summary>A card of the zoo with smaller tables.</summary>
    public static ModelCard CardOf(string name, long rowsCap)
    {
        var card = Zoo.TryGetText(name, out var text) ? CardFormat.Read(text, name) : throw new ArgumentException($"no model of the zoo is called '{name}'", nameof(name));
        return card with { Sparse = [.. card.Sparse.Select(feature => feature with { Rows = Math.Min(feature.Rows, rowsCap) })] };
    }

    public static FeatureBatch PoolOf(ModelCard card) =>
        CandidatePool.Synthetic(card, new IndexSkew { Kind = SkewKind.Zipf, ZipfExponent = 1.05, Source = Provenance.Assumed }, Seed, Environment.ProcessorCount).Features;

    public void Dispose() => tables.Dispose();
}
