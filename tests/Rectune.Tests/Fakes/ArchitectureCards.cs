using Rectune.Core.Domain;
using Rectune.Core.Formats;

namespace Rectune.Tests.Fakes;

/// <summary>
/// A small card of every architecture, and of the shapes in which it can go wrong: unequal widths, odd and even counts, groups of several features and of one, groups
/// out of their usual order.
/// </summary>
internal static class ArchitectureCards
{
    private static readonly IReadOnlyDictionary<string, ModelCard> ByName = new Dictionary<string, ModelCard>
    {
        ["dot of five"] = Card(InteractionKind.Dot, 3, [7, 5], Feature("a", 5), Feature("b", 5, 3), Feature("c", 5), Feature("d", 5)),
        ["dot of four"] = Card(InteractionKind.Dot, 1, [4], Feature("a", 4), Feature("b", 4), Feature("c", 4, 2)),
        ["dot of two"] = Card(InteractionKind.Dot, 2, [3], Feature("a", 3)) with { TopMlp = [1] },
        ["concat"] = Card(InteractionKind.Concat, 6, [4, 2], Feature("a", 3), Feature("b", 1, 4), Feature("c", 7)),
        ["concat of raw features"] = Card(InteractionKind.Concat, 6, [], Feature("a", 3), Feature("b", 5)),
        ["concat without dense features"] = Card(InteractionKind.Concat, 0, [], Feature("a", 3), Feature("b", 2)) with { Output = OutputKind.None },
        ["three heads"] = Card(InteractionKind.Concat, 4, [], Feature("a", 3)) with { TopMlp = [6, 5], Heads = Heads(3, 4, 2), Output = OutputKind.None },
        ["one head"] = Card(InteractionKind.Concat, 4, [], Feature("a", 3)) with { TopMlp = [6], Heads = Heads(1, 2) },
        ["heads of classes"] = Card(InteractionKind.Concat, 4, [3], Feature("a", 3)) with { TopMlp = [6], Heads = Heads(2, 3), Output = OutputKind.Softmax },
        ["cross"] = Card(InteractionKind.Cross, 4, [6, 3], Feature("a", 5), Feature("b", 2, 3)) with { Cross = new CrossShape { Layers = 2, Rank = 3 } },
        ["neu-mf"] = Card(
            InteractionKind.NeuMf, 0, [6, 3], Feature("a", 3, group: "mlp"), Feature("b", 5, group: "mlp"), Feature("c", 4, 2, "mf"), Feature("d", 4, group: "mf"), Feature("e", 4, group: "mf")),
        ["neu-mf of one factor"] = Card(InteractionKind.NeuMf, 0, [3], Feature("a", 4, group: "mf"), Feature("b", 5, group: "mlp")),
        ["activation units"] = Behaviors(InteractionKind.ActivationUnits, 5) with { Attention = [1] },
        ["activation unit of one behaviour"] = Behaviors(InteractionKind.ActivationUnits, 1) with { Attention = [1] },
        ["activation units with two hidden layers"] = Behaviors(InteractionKind.ActivationUnits, 3) with { Attention = [3, 2] },
        ["recurrent attention"] = Behaviors(InteractionKind.RecurrentAttention, 4) with { Recurrent = 5 },
        ["recurrent attention of one behaviour"] = Behaviors(InteractionKind.RecurrentAttention, 1) with { Recurrent = 8 },
        ["target attention"] = History(InteractionKind.TargetAttention, 6) with { Attention = [6, 4] },
        ["target attention of one step"] = History(InteractionKind.TargetAttention, 1) with { Attention = [3] },
        ["target attention of one feature"] = OneFeatureHistory(InteractionKind.TargetAttention) with { Attention = [3] },
        ["attentional GRU"] = History(InteractionKind.AttentionalGru, 6) with { Attention = [6, 4], Recurrent = 5 },
        ["attentional GRU as wide as its items"] = History(InteractionKind.AttentionalGru, 3) with { Attention = [4], Recurrent = 7 },
        ["attentional GRU of one feature"] = OneFeatureHistory(InteractionKind.AttentionalGru) with { Attention = [3], Recurrent = 2 },
    };

    public static IEnumerable<string> Names => ByName.Keys;

    public static ModelCard Of(string name) => CardFormat.Read(CardFormat.Write(ByName[name]), name);

    private static ModelCard Card(InteractionKind interaction, int denseFeatures, IReadOnlyList<int> bottomMlp, params IReadOnlyList<SparseFeature> sparse) =>
        SmallCards.Card(denseFeatures, sparse, bottomMlp) with { Interaction = interaction, TopMlp = [4, 2], Output = OutputOf(interaction) };

    private static OutputKind OutputOf(InteractionKind interaction) => interaction switch
    {
        InteractionKind.Dot => OutputKind.Sigmoid,
        InteractionKind.NeuMf => OutputKind.None,
        _ => OutputKind.Softmax,
    };

    /// <summary>A candidate of 4 + 3 elements and behaviours of 7, out of the order in which the groups join.</summary>
    private static ModelCard Behaviors(InteractionKind interaction, int count) => Card(
        interaction,
        0,
        [],
        [
            Feature("item", 4, group: "candidate"),
            Feature("category", 3, 2, "candidate"),
            Feature("place", 2, group: "context"),
            .. Enumerable.Range(1, count).Select(i => Feature($"behavior.{i}", 7, 1 + (i % 3), "behavior")),
            Feature("user", 3, group: "user"),
            Feature("age", 2, group: "user"),
        ]);

    /// <summary>A history in two sequences, before the candidate that it meets.</summary>
    private static ModelCard History(InteractionKind interaction, int steps) => Card(
        interaction,
        0,
        [],
        Feature("items", 4, steps, "history") with { Sequence = true },
        Feature("categories", 3, steps, "history") with { Sequence = true },
        Feature("user", 3, 2, "user"),
        Feature("age", 2, group: "user"),
        Feature("item", 4, group: "candidate"),
        Feature("category", 3, group: "candidate"));

    private static ModelCard OneFeatureHistory(InteractionKind interaction) => Card(
        interaction, 0, [], Feature("user", 3, group: "user"), Feature("item", 5, group: "candidate"), Feature("items", 5, 4, "history") with { Sequence = true });

    private static HeadShape Heads(int tasks, params int[] widths) => new() { Tasks = tasks, Mlp = widths };

    private static SparseFeature Feature(string name, int dim, int lookups = 1, string? group = null) => SmallCards.Feature(name, 100, dim, lookups) with { Group = group };
}
