using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Tests.Fakes;

/// <summary>Small valid cards of every interaction, as a file may have them: with copies, shared tables, groups in any order and names that graphs use themselves.</summary>
internal sealed class RandomCards(ulong seed)
{
    private static readonly string[] Names =
    [
        "sum", "sum.flat", "vectors", "products", "steps", "one", "unit", "interaction", "score", "pooled", "history", "history.sum", "candidate", "user", "mf", "heads",
        "top.0", "bottom.0", "gru", "state", "attention", "0", "_", "query.history", "sequence", "behaviors", "cross.0", "never",
    ];

    /// <summary>All that a card in a file of its own may have.</summary>
    private static readonly InteractionKind[] Kinds = [.. Enum.GetValues<InteractionKind>().Where(kind => kind != InteractionKind.Onnx)];

    private SplitMix64 random = new(seed);
    private Queue<string> names = new();

    public ModelCard Create()
    {
        names = new Queue<string>(Shuffled(Names));
        var interaction = Kinds[Below(Kinds.Length)];
        var card = interaction switch
        {
            InteractionKind.Dot or InteractionKind.Concat or InteractionKind.Cross => Ungrouped(interaction),
            InteractionKind.NeuMf => NeuMf(),
            _ => Grouped(interaction),
        };
        return card with
        {
            Interaction = interaction,
            TopMlp = Widths(1),
            Heads = Below(3) == 0 ? new HeadShape { Tasks = From(1, 3), Mlp = Widths(1) } : null,
            Output = Enum.GetValues<OutputKind>()[Below(Enum.GetValues<OutputKind>().Length)],
            Cross = interaction == InteractionKind.Cross ? new CrossShape { Layers = From(1, 3), Rank = From(1, 4) } : null,
        };
    }

    private ModelCard Ungrouped(InteractionKind interaction)
    {
        var dim = From(1, 6);
        var dense = interaction == InteractionKind.Dot ? From(1, 5) : Below(5);
        var features = Features(From(1, 4), () => interaction == InteractionKind.Dot ? dim : From(1, 6), null);
        IReadOnlyList<int> bottom = interaction == InteractionKind.Dot ? [.. Widths(0), dim] : dense > 0 ? Widths(0) : [];
        return SmallCards.Card(dense, features, bottom);
    }

    private ModelCard NeuMf()
    {
        var factors = From(1, 5);
        return SmallCards.Card(0, Joined(Features(From(1, 3), () => factors, "mf"), Features(From(1, 3), () => From(1, 5), "mlp")), Widths(1));
    }

    private ModelCard Grouped(InteractionKind interaction)
    {
        var user = Features(From(1, 2), () => From(1, 4), "user");
        var candidate = Features(From(1, 2), () => From(1, 4), "candidate");
        var width = candidate.Sum(f => f.Dim * f.Copies);
        var recurrent = interaction is InteractionKind.RecurrentAttention or InteractionKind.AttentionalGru;
        var card = SmallCards.Card(
            0,
            interaction is InteractionKind.TargetAttention or InteractionKind.AttentionalGru
                ? Joined(user, candidate, History(width))
                : Joined(user, candidate, Features(From(1, 3), () => width, "behavior"), Features(From(1, 2), () => From(1, 4), "context")),
            []);
        return card with
        {
            Attention = interaction == InteractionKind.RecurrentAttention ? null : Widths(1),
            Recurrent = recurrent ? From(1, 6) : null,
        };
    }

    /// <summary>Sequences whose dims add up to the candidate's width.</summary>
    private List<SparseFeature> History(int width)
    {
        var steps = From(1, 6);
        var features = new List<SparseFeature>();
        for (var left = width; left > 0; left -= features[^1].Dim)
        {
            features.Add(SmallCards.Feature(names.Dequeue(), From(1, 50), From(1, left), steps) with { Group = "history", Sequence = true });
        }

        return features;
    }

    private List<SparseFeature> Features(int count, Func<int> dim, string? group)
    {
        var features = new List<SparseFeature>();
        for (var i = 0; i < count; i++)
        {
            var feature = SmallCards.Feature(names.Dequeue(), From(1, 50), dim(), Below(3) == 0 ? From(2, 4) : 1) with { Group = group };
            var owner = features.Find(f => f.Dim == feature.Dim && f.Table is null && f.Copies == 1);
            features.Add(owner is not null && Below(3) == 0
                ? feature with { Table = owner.Name, Rows = owner.Rows }
                : feature with { Copies = Below(3) == 0 ? From(2, 3) : 1 });
        }

        return features;
    }

    private List<SparseFeature> Joined(params List<SparseFeature>[] groups) => [.. Shuffled(groups).SelectMany(group => group)];

    private T[] Shuffled<T>(T[] values)
    {
        var shuffled = values.ToArray();
        for (var i = shuffled.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }

        return shuffled;
    }

    private int[] Widths(int least) => [.. Enumerable.Range(0, From(least, 3)).Select(_ => From(1, 6))];

    private int Below(int limit) => (int)random.NextInt64(limit);

    private int From(int least, int most) => least + Below(most - least + 1);
}
