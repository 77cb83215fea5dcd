using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Models;

namespace Rectune.Engine.Serving.Protocol;

/// <summary>
/// Every tensor that a request for one model may carry, with the limits that follow from its card. Immutable and shared by all requests.
/// </summary>
public sealed class InputLayout
{
    public const string DenseName = "dense";

    public const string OutputName = "score";

    public const string OffsetsSuffix = ".offsets";

    /// <summary>Ids are 32-bit inside rectune.</summary>
    private const long MaxRows = 1L << 31;

    /// <summary>17 digits with sign, point and exponent.</summary>
    private const long FloatTextBytes = 24;

    /// <summary>What stands around a number or a bracket on a line of its own: a comma, an end of line, five levels of four spaces.</summary>
    private const long LineBytes = 23;

    private const long EnvelopeBytes = 64 << 10;

    /// <summary>Keys, datatype and shape of one tensor, beside its name.</summary>
    private const long TensorHeaderBytes = 512;

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> slotByName;
    private readonly int[][] uniformOffsets;

    /// <summary>For each feature: the place of its ids among the ids of all features; features that read the same ids share one.</summary>
    private readonly int[] tensorOf;

    /// <exception cref="InvalidInputException">The card's names collide, or its tables or bags are too large to be served.</exception>
    public InputLayout(ModelCard card, int maxSamples)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxSamples);
        Card = card;
        MaxSamples = maxSamples;
        Slots = BuildSlots(card, maxSamples);
        FirstIds = card.DenseFeatures > 0 ? 1 : 0;
        tensorOf = TensorsOf(card);
        FirstOffsets = FirstIds + tensorOf.Distinct().Count();
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        long textBytes = EnvelopeBytes;
        for (var i = 0; i < Slots.Count; i++)
        {
            var slot = Slots[i];
            if (!names.TryAdd(slot.Name, i))
            {
                throw new InvalidInputException(
                    slot.Name, "found two input tensors of this name, expected one", "rename the feature in the card");
            }

            textBytes += TensorHeaderBytes + (6L * slot.Name.Length) + DataTextBytes(slot, maxSamples);
        }

        slotByName = names.GetAlternateLookup<ReadOnlySpan<char>>();
        BodyLimitBytes = Math.Min(textBytes, Array.MaxLength);
        uniformOffsets = BuildUniformOffsets(card, maxSamples);
        Sequences = [.. Enumerable.Range(0, card.Sparse.Count).Where(f => card.Sparse[f].Sequence)];
        Outputs = new ModelSize(card).Outputs;
    }

    public ModelCard Card { get; }

    /// <summary>Samples of the largest query that is accepted.</summary>
    public int MaxSamples { get; }

    /// <summary>The dense input if there is one, then ids of every sparse feature, then their offsets, in the card's order.</summary>
    public IReadOnlyList<InputSlot> Slots { get; }

    /// <summary>Bytes of the largest request at <see cref="MaxSamples"/>, as JSON with a line for each number and bracket; binary is smaller.</summary>
    public long BodyLimitBytes { get; }

    /// <summary>Scores of a sample.</summary>
    public int Outputs { get; }

    /// <summary>Sparse features whose ids are sequences, by their index in the card. They run in step: a sample has equally many ids in each.</summary>
    public IReadOnlyList<int> Sequences { get; }

    internal int FirstIds { get; }

    internal int FirstOffsets { get; }

    /// <summary>Index into <see cref="Slots"/> of a feature's ids.</summary>
    internal int IdsOf(int feature) => FirstIds + tensorOf[feature];

    /// <summary>Index into <see cref="Slots"/> of the offsets of a feature's ids.</summary>
    internal int OffsetsOf(int feature) => FirstOffsets + tensorOf[feature];

    /// <summary>Index into <see cref="Slots"/>, or −1.</summary>
    internal int Find(ReadOnlySpan<char> name) => slotByName.TryGetValue(name, out var slot) ? slot : -1;

    /// <summary><c>[MaxSamples + 1]</c> offsets of bags that all have the card's size; shared, never written again.</summary>
    internal int[] UniformOffsets(int feature) => uniformOffsets[feature];

    private static long DataTextBytes(InputSlot slot, int maxSamples)
    {
        var number = slot.Role == InputRole.Dense ? FloatTextBytes : (slot.Limit - 1).ToString(CultureInfo.InvariantCulture).Length;
        var rows = slot.Role == InputRole.Offsets ? 0L : maxSamples;
        return (slot.MaxElements * (number + LineBytes)) + (rows * 2 * (1 + LineBytes));
    }

    private static List<InputSlot> BuildSlots(ModelCard card, int maxSamples)
    {
        var slots = new List<InputSlot>();
        if (card.DenseFeatures > 0)
        {
            slots.Add(new InputSlot
            {
                Name = DenseName,
                Role = InputRole.Dense,
                Feature = -1,
                Width = card.DenseFeatures,
                Limit = 0,
                MaxElements = Elements(DenseName, card.DenseFeatures, maxSamples),
            });
        }

        for (var f = 0; f < card.Sparse.Count; f++)
        {
            var feature = card.Sparse[f];
            if (feature.Rows is < 1 or > MaxRows)
            {
                throw new InvalidInputException(feature.Name, $"found {feature.Rows} rows, expected 1 to {MaxRows}");
            }

            if (feature.Ids is not null)
            {
                continue;
            }

            slots.Add(new InputSlot
            {
                Name = feature.Name,
                Role = InputRole.Ids,
                Feature = f,
                Width = feature.Lookups,
                Limit = SharedIds.Bound(card, f),
                MaxElements = Elements(feature.Name, feature.Lookups, maxSamples),
            });
        }

        for (var f = 0; f < card.Sparse.Count; f++)
        {
            var feature = card.Sparse[f];
            if (feature.Ids is not null)
            {
                continue;
            }

            slots.Add(new InputSlot
            {
                Name = feature.Name + OffsetsSuffix,
                Role = InputRole.Offsets,
                Feature = f,
                Width = feature.Lookups,
                Limit = ((long)maxSamples * feature.Lookups) + 1,
                MaxElements = maxSamples + 1,
            });
        }

        return slots;
    }

    private static int[] TensorsOf(ModelCard card)
    {
        var tensors = new int[card.Sparse.Count];
        var next = 0;
        for (var f = 0; f < tensors.Length; f++)
        {
            var owner = SharedIds.OwnerOf(card, f);
            tensors[f] = owner == f ? next++ : tensors[owner];
        }

        return tensors;
    }

    private static int Elements(string name, int width, int maxSamples)
    {
        var elements = (long)width * maxSamples;
        return width > 0 && elements < Array.MaxLength
            ? (int)elements
            : throw new InvalidInputException(
                name, $"found {width} values a sample, expected 1 to {Array.MaxLength / maxSamples} with {maxSamples} samples a query");
    }

    private static int[][] BuildUniformOffsets(ModelCard card, int maxSamples)
    {
        var byWidth = new Dictionary<int, int[]>();
        var all = new int[card.Sparse.Count][];
        for (var f = 0; f < all.Length; f++)
        {
            var width = card.Sparse[f].Lookups;
            if (!byWidth.TryGetValue(width, out var offsets))
            {
                offsets = new int[maxSamples + 1];
                for (var s = 0; s < offsets.Length; s++)
                {
                    offsets[s] = s * width;
                }

                byWidth.Add(width, offsets);
            }

            all[f] = offsets;
        }

        return all;
    }
}
