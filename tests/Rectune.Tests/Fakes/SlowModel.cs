using Rectune.Core.Domain;
using Rectune.Core.Models;

namespace Rectune.Tests.Fakes;

/// <summary>
/// Every architecture's forward pass written the slow, obvious way in double precision, one sample at a time: the oracle for graphs and kernels. It shares with the
/// code under test the card and the names of the parameters.
/// </summary>
internal sealed class SlowModel
{
    private readonly ModelCard card;
    private readonly double[][][] rows;
    private readonly SlowLayers layers;

    private SlowModel(ModelCard card, IParameters parameters, double[][][] rows)
    {
        this.card = card;
        this.rows = rows;
        layers = new SlowLayers(parameters);
    }

    /// <param name="card">The architecture.</param>
    /// <param name="parameters">Weights and biases by name.</param>
    /// <param name="dense"><c>[dense features]</c> of one sample.</param>
    /// <param name="rows"><c>[feature][row][dim]</c>: the rows of a sample's bags, and the steps in use of its sequences; either may be none.</param>
    /// <returns><c>[outputs]</c></returns>
    public static double[] Scores(ModelCard card, IParameters parameters, ReadOnlySpan<float> dense, double[][][] rows) =>
        new SlowModel(card, parameters, rows).Scores(Array.ConvertAll(dense.ToArray(), value => (double)value));

    private double[] Scores(double[] dense)
    {
        Func<double[], double[]> output = card.Output switch
        {
            OutputKind.Sigmoid => SlowLayers.Sigmoid,
            OutputKind.Softmax => SlowLayers.Softmax,
            _ => SlowLayers.Same,
        };
        var joined = Interact(dense.Length == 0 ? dense : layers.Stack("bottom", dense, card.BottomMlp, SlowLayers.Relu, SlowLayers.Relu));
        var top = layers.Stack("top", joined, card.TopMlp, SlowLayers.Relu, card.Heads is null ? output : SlowLayers.Relu);
        return card.Heads is { } heads
            ? [.. Enumerable.Range(0, heads.Tasks).SelectMany(task => layers.Stack($"head.{task}", top, heads.Mlp, SlowLayers.Relu, output))]
            : top;
    }

    private double[] Interact(double[] dense) => card.Interaction switch
    {
        InteractionKind.Dot => [.. dense, .. LowerTriangle([dense, .. card.Sparse.Select((_, i) => Pooled(i))])],
        InteractionKind.Concat => [.. dense, .. card.Sparse.SelectMany((_, i) => Pooled(i))],
        InteractionKind.Cross => Cross([.. dense, .. card.Sparse.SelectMany((_, i) => Pooled(i))]),
        InteractionKind.NeuMf =>
        [
            .. SlowLayers.Sum(Members("mf").Select(Pooled), card.Sparse[Members("mf")[0]].Dim),
            .. layers.Stack("bottom", Group("mlp"), card.BottomMlp, SlowLayers.Relu, SlowLayers.Relu),
        ],
        InteractionKind.ActivationUnits =>
            [.. Group("user"), .. new SlowAttention(layers).SumOfUnits(Behaviors(), Group("candidate"), card.Attention!), .. Group("candidate"), .. Group("context")],
        InteractionKind.RecurrentAttention => [.. Group("user"), .. LastStateOfTwoRnns(), .. Group("candidate"), .. Group("context")],
        InteractionKind.TargetAttention => [.. HistoryAndCandidate(), .. Attended()],
        InteractionKind.AttentionalGru => [.. HistoryAndCandidate(), .. EvolvedInterest()],
        _ => throw new ArgumentException($"no oracle for {card.Interaction}"),
    };

    /// <summary>⟨vᵢ, vⱼ⟩, i = 1, 2, … and j &lt; i (arXiv 1906.00091).</summary>
    private static IEnumerable<double> LowerTriangle(double[][] vectors)
    {
        for (var i = 1; i < vectors.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                yield return SlowLayers.Times(vectors[i], vectors[j]).Sum();
            }
        }
    }

    /// <summary>x' = x₀ ⊙ (U·(V·x) + b) + x (arXiv 2008.13535).</summary>
    private double[] Cross(double[] first)
    {
        var x = first;
        for (var i = 0; i < card.Cross!.Layers; i++)
        {
            var inner = layers.Product($"cross.{i}.v", x, card.Cross.Rank);
            x = SlowLayers.Plus(SlowLayers.Times(first, layers.Linear($"cross.{i}.u", inner, first.Length)), x);
        }

        return x;
    }

    private double[] LastStateOfTwoRnns()
    {
        var hidden = card.Recurrent!.Value;
        var recurrence = new SlowRecurrence(layers, hidden);
        var gated = Array.ConvertAll(
            recurrence.Rnn("rnn.0", Behaviors()), state => SlowLayers.Plus(state, SlowLayers.Softmax(layers.Linear("attention", state, hidden))));
        return recurrence.Rnn("rnn.1", gated)[^1];
    }

    private double[] Attended()
    {
        var weights = new SlowAttention(layers).Weights(Group("candidate"), History(), card.Attention!);
        return SlowLayers.Sum(History().Select((key, t) => Array.ConvertAll(key, value => weights[t] * value)), Group("candidate").Length);
    }

    private double[] EvolvedInterest()
    {
        var hidden = card.Recurrent!.Value;
        var recurrence = new SlowRecurrence(layers, hidden);
        var interests = recurrence.Gru("gru", History());
        var query = layers.PRelu("query.projected", layers.Linear("query.projected", Group("candidate"), hidden));
        var weights = new SlowAttention(layers).Weights(query, interests, card.Attention!);
        return recurrence.AttentionalGru("augru", interests, weights).LastOrDefault() ?? new double[hidden];
    }

    private double[] HistoryAndCandidate()
    {
        var candidate = Group("candidate");
        var sum = SlowLayers.Sum(History(), candidate.Length);
        return [.. Group("user"), .. candidate, .. sum, .. SlowLayers.Times(candidate, sum)];
    }

    private int[] Members(string group) => [.. Enumerable.Range(0, card.Sparse.Count).Where(i => card.Sparse[i].Group == group)];

    private double[] Pooled(int feature) => SlowLayers.Sum(rows[feature], card.Sparse[feature].Dim);

    private double[] Group(string group) => [.. Members(group).SelectMany(Pooled)];

    private double[][] Behaviors() => [.. Members("behavior").Select(Pooled)];

    /// <summary><c>[steps in use][sum of dims]</c></summary>
    private double[][] History()
    {
        var members = Members("history");
        return [.. Enumerable.Range(0, rows[members[0]].Length).Select(step => members.SelectMany(feature => rows[feature][step]).ToArray())];
    }
}
