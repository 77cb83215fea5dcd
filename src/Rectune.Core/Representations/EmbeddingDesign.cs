using Rectune.Core.Domain;
using Rectune.Core.Models;

namespace Rectune.Core.Representations;

/// <summary>What a representation makes of a model: the layout of its vectors, the source of each, and what they cost.</summary>
public sealed class EmbeddingDesign
{
    private readonly DecoderCost[] decoders;

    /// <exception cref="InvalidInputException">The interaction cannot take so many vectors a feature, or a named feature does not exist.</exception>
    internal EmbeddingDesign(ModelCard card, IRepresentation kind, ParameterSet settings, Representation representation)
    {
        ArgumentNullException.ThrowIfNull(card);
        if (kind.VectorsPerFeature > 1 && card.Interaction is not (InteractionKind.Dot or InteractionKind.Concat or InteractionKind.Cross))
        {
            throw new InvalidInputException(
                $"representation {kind.Kind}",
                $"the interaction of '{card.Name}' takes one vector a feature, '{kind.Kind}' makes {kind.VectorsPerFeature}",
                "use it with dot, concat or cross interactions");
        }

        if (card.Graph is not null && kind is not TableRepresentation)
        {
            throw new InvalidInputException(
                $"representation {kind.Kind}", $"'{card.Name}' comes from a model file, whose tables are trained as tables", "train the model with that representation, or leave tables");
        }

        kind.Check(card, settings);
        Representation = representation;
        Layout = new VectorLayout(card, kind.VectorsPerFeature);
        Sources = [.. Layout.Slots.Select((slot, i) => kind.SourceOf(card.Sparse[slot.Feature], i / card.Sparse.Count, settings))];
        Groups = [.. Group()];
        CachedTables = [.. Cached()];
        decoders = DecoderCosts();
        Learned = Sources.Any(source => source.Evaluated is not null) ? new EmbeddingDesign(this, [.. Sources.Select(source => source.Evaluated ?? source)], learned: null) : this;
    }

    /// <summary>The same vectors from other sources.</summary>
    /// <param name="learned">What they were learned as; null where they are just that.</param>
    private EmbeddingDesign(EmbeddingDesign other, IReadOnlyList<VectorSource> sources, EmbeddingDesign? learned)
    {
        Representation = other.Representation;
        Layout = other.Layout;
        Sources = sources;
        Groups = [.. Group()];
        CachedTables = [.. Cached()];
        decoders = DecoderCosts();
        Learned = learned ?? this;
    }

    public ModelCard Card => Layout.Card;

    public Representation Representation { get; }

    /// <summary>Where every vector goes.</summary>
    public VectorLayout Layout { get; }

    /// <summary>Where every vector comes from: one a slot of <see cref="Layout"/>.</summary>
    public IReadOnlyList<VectorSource> Sources { get; }

    /// <summary>The design with every source whose rows were computed replaced by what they were computed from; this one where there is none.</summary>
    public EmbeddingDesign Learned { get; }

    /// <summary>Vectors that are decoded, in groups that one graph computes together.</summary>
    public IReadOnlyList<DecodedGroup> Groups { get; }

    /// <summary>Tables whose ids are hashed and decoded, so that their finished vectors are worth keeping.</summary>
    public IReadOnlyList<CachedTable> CachedTables { get; }

    /// <summary>Whether centroids stand for the vectors of hashed ids.</summary>
    public bool IsApproximate => Sources.Any(source => source.Decoder is CentroidDecoder);

    /// <summary>The same with centroids in place of the decoders of hashed ids: as many for each table, or one an id where a table has fewer.</summary>
    /// <param name="count">At least 1.</param>
    /// <param name="chosen">One for each of <see cref="CachedTables"/>; null where only memory and work are asked for.</param>
    public EmbeddingDesign WithCentroids(int count, IReadOnlyList<CentroidVectors>? chosen = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        VectorSource[] sources = [.. Sources];
        for (var table = 0; table < CachedTables.Count; table++)
        {
            var decoder = new CentroidDecoder(CentroidsOf(CachedTables[table], count), chosen?[table]);
            foreach (var slot in CachedTables[table].Slots)
            {
                sources[slot] = sources[slot] with { Decoder = decoder };
            }
        }

        return new EmbeddingDesign(this, sources, Learned);
    }

    /// <summary>How many of <paramref name="count"/> centroids a table has use for.</summary>
    public int CentroidsOf(CachedTable table, int count)
    {
        ArgumentNullException.ThrowIfNull(table);
        return (int)Math.Min(count, Card.Sparse[table.Feature].Rows);
    }

    /// <summary>Bytes of the centroids of all tables, shared among the instances, beside what each holds of them for itself (<see cref="DecoderBytes"/>); 0 where ids are decoded.</summary>
    public long CentroidBytes => CachedTables.Sum(table => Sources[table.Slots[0]].Decoder is CentroidDecoder ? decoders[table.Slots[0]].Parameters * sizeof(float) : 0);

    /// <summary>Bytes of the rows in memory, those that features share once: shared among the instances.</summary>
    public long StoredBytes(TablePrecision precision)
    {
        var direct = Enumerable.Range(0, Sources.Count).Where(slot => Sources[slot].Decoder is null);
        return Groups.Select(group => group.Slots).Prepend([.. direct]).Sum(
            slots => slots.SelectMany(slot => Sources[slot].Stored).DistinctBy(rows => rows.Name).Sum(rows => rows.Rows * precision.RowBytes(rows.Dim)));
    }

    /// <summary>Bytes of hash functions and decoders, what every instance holds for itself: features of one table that are decoded in two groups have them in both.</summary>
    public long DecoderBytes => decoders.Sum(cost => cost.Parameters * sizeof(float)) + Sources.Sum(source => source.Decoder is null ? 0 : source.Hashes?.Bytes ?? 0);

    /// <summary>Arithmetic operations of hashing for one sample.</summary>
    public long HashOperationsPerSample => (long)Decoding(Whole).HashOperations;

    /// <summary>Floating-point operations of decoding for one sample.</summary>
    public long DecoderFlopsPerSample => (long)Decoding(Whole).Flops;

    /// <summary>Operators that decoding <paramref name="batch"/> full samples runs, a chunk of ids at a time.</summary>
    public long DecoderOperators(int batch) => Groups.Sum(group =>
        group.Slots.Sum(slot => decoders[slot].Operators) * ((((long)batch * group.IdsPerSample) + DecodedGroup.LargestChunk - 1) / DecodedGroup.LargestChunk));

    /// <summary>The operators of <see cref="DecoderOperators(int)"/> where every slot is decoded by itself and only a share of its ids, on average, leaving out slots of which a batch has none.</summary>
    /// <param name="shareOf">Part of a slot's ids that are decoded, 0 to 1.</param>
    public double DecoderOperators(int batch, Func<int, double> shareOf)
    {
        ArgumentNullException.ThrowIfNull(shareOf);
        return Groups.Sum(group => group.Slots.Sum(slot =>
        {
            var ids = (double)batch * group.IdsPerSample * shareOf(slot);
            return decoders[slot].Operators * (1 - Math.Exp(-ids)) * Math.Max(1, Math.Ceiling(ids / DecodedGroup.LargestChunk));
        }));
    }

    /// <summary>Work of hashing and decoding one sample where only a share of the ids is decoded.</summary>
    /// <param name="shareOf">Part of a slot's ids that are decoded, 0 to 1.</param>
    public DecodingWork Decoding(Func<int, double> shareOf)
    {
        ArgumentNullException.ThrowIfNull(shareOf);
        var (hashes, flops, values) = (0.0, 0.0, 0.0);
        foreach (var slot in Groups.SelectMany(group => group.Slots))
        {
            var ids = Card.Sparse[Layout.Slots[slot].Feature].Lookups * shareOf(slot);
            hashes += ids * (Sources[slot].Hashes?.Operations ?? 0);
            flops += ids * decoders[slot].Flops;
            values += ids * (Sources[slot].InputWidth + decoders[slot].Values);
        }

        return new DecodingWork(hashes, flops, values);
    }

    /// <summary>Bytes of stored rows read for one sample.</summary>
    public long ReadBytesPerSample(TablePrecision precision) =>
        Layout.Slots.Zip(Sources).Sum(s => Card.Sparse[s.First.Feature].Lookups * s.Second.Stored.Sum(rows => (long)precision.RowBytes(rows.Dim)));

    /// <summary>Floats that a batch of one needs between looking up and decoding.</summary>
    public long DecoderInputElements => Enumerable.Range(0, Sources.Count).Where(slot => Sources[slot].Decoder is not null).Sum(slot => (long)Sources[slot].InputWidth + Layout.Slots[slot].Dim);

    /// <summary>Two slots of one table cannot share a graph, where its parameters would have one name twice.</summary>
    private IEnumerable<DecodedGroup> Group()
    {
        var seen = new Dictionary<(string, bool, int), int>();
        return Enumerable.Range(0, Sources.Count)
            .Where(slot => Sources[slot].Decoder is not null)
            .Select(slot =>
            {
                var feature = Card.Sparse[Layout.Slots[slot].Feature];
                var key = (TableOf(slot), Sources[slot].Hashes is not null, feature.Lookups);
                return (Slot: slot, Hashed: key.Item2, feature.Lookups, Occurrence: seen[key] = seen.GetValueOrDefault(key) + 1);
            })
            .GroupBy(s => (s.Hashed, s.Lookups, s.Occurrence))
            .Select(group => new DecodedGroup([.. group.Select(s => s.Slot)], group.Key.Hashed, group.Key.Lookups));
    }

    private IEnumerable<CachedTable> Cached() => Enumerable.Range(0, Sources.Count)
        .Where(slot => Sources[slot] is { Decoder: not null, Hashes: not null })
        .GroupBy(TableOf, StringComparer.Ordinal)
        .Select(table => new CachedTable(Layout.Slots[table.First()].Feature, Layout.Slots[table.First()].Dim, [.. table]));

    /// <summary>The feature whose table, or what replaces it, a slot reads.</summary>
    public string TableOf(int slot)
    {
        var feature = Card.Sparse[Layout.Slots[slot].Feature];
        return feature.Table ?? feature.Name;
    }

    private DecoderCost[] DecoderCosts() => [.. Sources.Select((source, slot) => source.DecoderCost(TableOf(slot), Layout.Slots[slot].Dim))];

    private static double Whole(int slot) => 1;
}
