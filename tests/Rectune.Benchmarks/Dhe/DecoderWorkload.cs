using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;
using Rectune.Core.Numerics;
using Rectune.Core.Representations;
using Rectune.Engine.Kernels;
using Rectune.Engine.Sessions;

namespace Rectune.Benchmarks.Dhe;

/// <summary>
/// What a batch of Criteo samples asks of Deep Hash Embedding: 26 features, 1024 hashes an id, decoders 512-256-64 (the widths of MP-Rec's published configurations,
/// Hsia et al., ASPLOS 2023).
/// </summary>
internal sealed class DecoderWorkload
{
    public const int Batch = 128;

    public const ulong Seed = 1;

    public const int Dim = 64;

    private readonly DheEncoder encoder = new();
    private readonly DheHashes[] hashes;
    private readonly HashInput[] inputs;
    private readonly int[][] ids;

    public DecoderWorkload()
    {
        if (!Zoo.TryGetText("dlrm", out var text))
        {
            throw new InvalidOperationException("the zoo has no dlrm");
        }

        var card = CardFormat.Read(text, "dlrm.json");
        card = card with { Sparse = [.. card.Sparse.Select(feature => feature with { Dim = Dim })], BottomMlp = [.. card.BottomMlp.SkipLast(1), Dim] };
        Graphs = new ModelGraphs(card, Seed);
        Design = Graphs.Design(RepresentationCatalog.Parse("dhe(k=1024,decoder=512-256)", "the benchmark"));
        Group = Design.Groups.Single();
        inputs = [.. Group.Slots.Select(slot => Design.Sources[slot].Hashes!)];
        hashes = Array.ConvertAll(inputs, Graphs.Hashes);
        var random = new SplitMix64(Seed);
        ids = [.. Group.Slots.Select(slot =>
        {
            var drawn = new int[Batch];
            foreach (ref var id in drawn.AsSpan())
            {
                id = (int)random.NextInt64(card.Sparse[slot].Rows);
            }

            return drawn;
        })];
        Flops = Batch * Group.Slots.Sum(slot => Design.Sources[slot].DecoderCost(Design.TableOf(slot), Dim).Flops);
    }

    public ModelGraphs Graphs { get; }

    public EmbeddingDesign Design { get; }

    public DecodedGroup Group { get; }

    public int Features => Group.Slots.Count;

    /// <summary>k</summary>
    public int Hashes => inputs[0].Count;

    /// <summary>Widths of a decoder's layers.</summary>
    public IReadOnlyList<int> Widths => [.. ((MlpDecoder)Design.Sources[0].Decoder!).Hidden, Dim];

    /// <summary>Operations of all decoders for a batch, a multiplication and an addition counting two; hashing is not in it.</summary>
    public long Flops { get; }

    /// <summary>Hashes and encodes the batch's ids of one feature, <c>[batch, k]</c>.</summary>
    public void Encode(int feature, Span<float> destination) => encoder.Encode(hashes[feature], inputs[feature].Encoding, ids[feature], destination);
}
