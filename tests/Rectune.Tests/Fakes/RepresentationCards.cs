using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;
using Rectune.Core.Numerics;

namespace Rectune.Tests.Fakes;

/// <summary>
/// Cards on which a wrong vector cannot hide: scores are linear in all of them where features are only joined, and every kind of feature is there. With candidates
/// whose bags are empty, full, short and longer than the card says.
/// </summary>
internal static class RepresentationCards
{
    /// <summary>Bags of one id, of a fixed number and ragged ones, of unequal widths, two on one table.</summary>
    public static ModelCard Bags(InteractionKind interaction = InteractionKind.Concat) => Valid(SmallCards.Card(
        8,
        [
            SmallCards.Feature("one", 700, 8),
            SmallCards.Feature("fixed", 300, 8, 3),
            SmallCards.Feature("ragged", 5000, 8, 4),
            SmallCards.Feature("shared", 700, 8, 2) with { Table = "one" },
            SmallCards.Feature("large", 20_000, interaction == InteractionKind.Dot ? 8 : 12),
        ],
        [8]) with
    {
        Interaction = interaction,
        Cross = interaction == InteractionKind.Cross ? new CrossShape { Layers = 2, Rank = 3 } : null,
        TopMlp = [3],
        Output = OutputKind.None,
    });

    /// <summary>A history of up to six items with their categories, on the tables of the candidate.</summary>
    public static ModelCard Steps() => Valid(SmallCards.Card(
        0,
        [
            SmallCards.Feature("user", 900, 3) with { Group = "user" },
            SmallCards.Feature("item", 2000, 4) with { Group = "candidate" },
            SmallCards.Feature("category", 60, 3) with { Group = "candidate" },
            SmallCards.Feature("items", 2000, 4, 6) with { Group = "history", Sequence = true, Table = "item" },
            SmallCards.Feature("categories", 60, 3, 6) with { Group = "history", Sequence = true, Table = "category" },
        ],
        []) with
    {
        Interaction = InteractionKind.TargetAttention,
        Attention = [6, 4],
        TopMlp = [4, 3],
        Output = OutputKind.None,
    });

    /// <summary>The built-in DLRM: 26 features of 16 elements, 33,762,577 rows together.</summary>
    public static ModelCard CriteoKaggle() => Zoo.TryGetText("dlrm", out var text) ? CardFormat.Read(text, "dlrm") : throw new InvalidOperationException("no dlrm");

    public static ModelCard Of(string name) => name switch
    {
        "steps" => Steps(),
        "dot" => Bags(InteractionKind.Dot),
        "cross" => Bags(InteractionKind.Cross),
        _ => Bags(),
    };

    /// <summary>Seeded candidates; all sequences run in step: none, all, one, and one more than the card has.</summary>
    public static FeatureBatch Pool(ModelCard card, int samples, ulong seed = 3)
    {
        var random = new SplitMix64(seed);
        var dense = new float[samples * card.DenseFeatures];
        foreach (ref var value in dense.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        var steps = new int[samples];
        for (var sample = 0; sample < samples; sample++)
        {
            var most = card.Sparse.Max(f => f.Lookups);
            steps[sample] = sample switch
            {
                0 => 0,
                1 => most,
                2 => 1,
                3 => most + 1,
                _ => (int)random.NextInt64(most + 2),
            };
        }

        var columns = new SparseColumn[card.Sparse.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            var feature = card.Sparse[i];
            var isFixed = feature.Lookups == 1 || feature.Name == "fixed";
            var offsets = new int[samples + 1];
            for (var sample = 0; sample < samples; sample++)
            {
                offsets[sample + 1] = offsets[sample]
                    + (isFixed ? feature.Lookups : feature.Sequence || sample < 4 ? steps[sample] : (int)random.NextInt64((2 * feature.Lookups) + 1));
            }

            var ids = new int[offsets[^1]];
            foreach (ref var id in ids.AsSpan())
            {
                id = (int)random.NextInt64(feature.Rows);
            }

            columns[i] = new SparseColumn(ids, isFixed ? null : offsets);
        }

        return new FeatureBatch(samples, dense, columns);
    }

    private static ModelCard Valid(ModelCard card) => CardFormat.Read(CardFormat.Write(card), card.Name);
}
